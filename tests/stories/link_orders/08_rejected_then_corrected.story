# The delivery is refused, measured again and delivered again, then validated.
OCAA sends CMDLIEN
OCAA hears ARCMDLIEN OK
hotline make_available OCAA
OCAA hears CRMADLIEN OK 0,9
hotline deliver OCAA
OCAA hears CRLIVLIEN OK 0,9
OCAA sends CRVALLIEN EtatCrValidationLien=KO MotifKoCrValidationLien=FINT04 CommentaireCrValidationLien="AFFAIBLISSEMENT"
OCAA is rejected
hotline measures OCAA attenuation=0.5
hotline deliver OCAA
OCAA hears CRLIVLIEN OK 0,5
OCAA sends CRVALLIEN
OCAA is validated
