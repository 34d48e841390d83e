# A task is called off: the operator hears of it, and the ticket cannot be resolved.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline calls_off OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="ACTION ANNULEE"
OCAA is in_progress
OCAA deaf ticket
