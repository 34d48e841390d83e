# A freeze that waits for the operator's answer ends with it.
OCAA opens ticket
hotline writes OCAA type=question text="Quel équipement ?"
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA hears "SU CASE INFORMATION NOTIFICATION" OPENACTIVE
hotline freezes OCAA reason=answer
OCAA hears "CASE SOLVING NOTIFICATION"
OCAA is frozen
OCAA sets "SP CASE INFORMATION NOTIFICATION" messageType=REPONSE messageContent="Une box neuve"
OCAA is in_progress
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
