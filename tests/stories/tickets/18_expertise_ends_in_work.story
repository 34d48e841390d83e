# A joint expertise ends, and the repair goes on.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline calls_expertise OCAA comment="Sur place demain"
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline end_expertise OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA is in_progress
