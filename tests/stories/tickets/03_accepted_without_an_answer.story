# A resolution gets no answer: it is accepted when its delay has passed.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline does OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline resolves OCAA code=RET04 location=PM-PBO comment="Entreprise de terrassement"
OCAA hears "CASE SOLVED NOTIFICATION" CLEARED defectResponsibility=TIERS
hotline waits OCAA days=30
OCAA hears "CASE SOLVED NOTIFICATION" CLOSED
OCAA is closed
OCAA deaf ticket
