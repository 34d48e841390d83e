# A partner of 2.x receives states that 3.0 does not have.
OCBB opens ticket
OCBB reads QUEUED
hotline adds_task OCBB
OCBB hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline freezes OCBB reason=access
OCBB hears "CASE SOLVING NOTIFICATION" DEFERRED
OCBB reads DEFERRED
hotline thaw OCBB
OCBB hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline does OCBB
OCBB hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline resolves OCBB code=RET01 location=PTO
OCBB hears "CASE SOLVED NOTIFICATION" CLEARED
OCBB sets "SP CASE INFORMATION NOTIFICATION" troubleTicketState=CLOSED
OCBB is closed
OCBB reads CLOSED
