# The operator says nothing of the delivery: it is accepted, and its refusal comes too late.
OCAA sends CMDLIEN
OCAA hears ARCMDLIEN OK
hotline make_available OCAA
OCAA hears CRMADLIEN OK
hotline deliver OCAA
OCAA hears CRLIVLIEN OK
OCAA is delivered
hotline waits OCAA days=40
OCAA is validated
OCAA sends CRVALLIEN EtatCrValidationLien=KO MotifKoCrValidationLien=FINT04
OCAA refused FIMP16
OCAA is validated
