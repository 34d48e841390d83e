# Both operators meet on site; the outcome has its own codes.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline does OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline calls_expertise OCAA comment="Au PM, 9 h"
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA is expertise
hotline resolves OCAA code=EXC02
OCAA hears "CASE SOLVED NOTIFICATION" CLEARED troubleTicketClosureCode=EXC02
OCAA is resolved
