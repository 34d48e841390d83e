# The customer missed the visit and is not reached: the ticket ends with the code that says so.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline repeats OCAA absent=yes
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="NOUVELLE ACTION A PREVOIR"
hotline resolves OCAA code=ABS02
OCAA hears "CASE SOLVED NOTIFICATION" CLEARED supplierResolutionState="ACTION TERMINEE" troubleTicketClosureCode=ABS02 defectResponsibility=OC
OCAA is resolved
