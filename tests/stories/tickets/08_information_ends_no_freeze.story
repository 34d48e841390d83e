# A message of another type does not end a freeze.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline freezes OCAA reason=answer
OCAA hears "CASE SOLVING NOTIFICATION"
OCAA sets "SP CASE INFORMATION NOTIFICATION" messageType=INFO messageContent="Bien reçu"
OCAA is frozen
hotline thaw OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA is in_progress
