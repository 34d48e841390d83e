# The operator rejects a resolution: another visit is needed before the next one.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline does OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline resolves OCAA code=STT01
OCAA hears "CASE SOLVED NOTIFICATION" CLEARED troubleTicketClosureCode=STT01
OCAA sets "SP CASE INFORMATION NOTIFICATION" troubleTicketState=OPENACTIVE messageType=INFO messageContent="Toujours pas de signal"
OCAA is in_progress
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="ACTION PREVUE"
hotline does OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline resolves OCAA code=RET01 location=PM
OCAA hears "CASE SOLVED NOTIFICATION" CLEARED defectLocalization=PM
OCAA sets "SP CASE INFORMATION NOTIFICATION" troubleTicketState=CLOSED
OCAA is closed
