# The line is terminated while its ticket is open: the ticket is closed.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline terminates OCAA
OCAA hears "CASE SOLVED NOTIFICATION" CLOSED troubleTicketClosureCode=ERR08
OCAA is closed
