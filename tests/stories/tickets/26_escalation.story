# The operator escalates: the ticket says so, and somebody has to answer.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA sets "SP CASE INFORMATION NOTIFICATION" messageType=ESCALADE messageContent="Client prioritaire" escalation=true
OCAA is in_progress
hotline writes OCAA type=answer text="Équipe renforcée demain"
OCAA hears "SU CASE INFORMATION NOTIFICATION" OPENACTIVE messageType=REPONSE
