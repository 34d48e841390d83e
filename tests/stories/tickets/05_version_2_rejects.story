# A partner of 2.x rejects a resolution, then accepts the next one.
OCBB opens ticket
hotline adds_task OCBB
OCBB hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline does OCBB
OCBB hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline resolves OCBB code=STT01
OCBB hears "CASE SOLVED NOTIFICATION" CLEARED
OCBB sets "SP CASE INFORMATION NOTIFICATION" troubleTicketState=OPENACTIVE messageType=INFO messageContent="Panne toujours là"
OCBB is in_progress
OCBB reads OPENACTIVE
