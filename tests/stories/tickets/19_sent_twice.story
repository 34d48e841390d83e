# The same creation, sent again, gives the same ticket.
OCAA opens ticket
OCAA opens ticket
OCAA answered 0
OCAA reads QUEUED
OCAA is open
OCAA deaf ticket
