# A line without signal is repaired by a visit; the operator accepts the resolution.
OCAA opens ticket
OCAA is open
OCAA reads QUEUED
hotline adds_task OCAA kind=visit
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionAction="INTERVENTION SANS RDV" supplierResolutionState="ACTION PREVUE"
hotline plans OCAA date="2030-01-08 08:00:00"
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="ACTION PLANIFIEE"
hotline does OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="ACTION TERMINEE"
hotline resolves OCAA code=RET01 location=PBO
OCAA hears "CASE SOLVED NOTIFICATION" CLEARED troubleTicketClosureCode=RET01 defectLocalization=PBO defectResponsibility=OI
OCAA is resolved
OCAA sets "SP CASE INFORMATION NOTIFICATION" troubleTicketState=CLOSED
OCAA is closed
OCAA reads CLOSED troubleTicketClosureCode=RET01
OCAA deaf ticket
