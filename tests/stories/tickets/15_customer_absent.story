# The customer is not there: another visit is needed.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline plans OCAA date="2030-01-09 09:00:00"
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="ACTION PLANIFIEE"
hotline repeats OCAA absent=yes
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="NOUVELLE ACTION A PREVOIR"
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="ACTION PREVUE"
hotline does OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="ACTION TERMINEE"
hotline resolves OCAA code=RET01 location="RACCO PALIER"
OCAA hears "CASE SOLVED NOTIFICATION" CLEARED
