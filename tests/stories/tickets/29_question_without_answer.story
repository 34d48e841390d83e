# A question stays without answer while the ticket is frozen for it: it is closed.
OCAA opens ticket
hotline writes OCAA type=question text="Merci de proposer une date"
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA hears "SU CASE INFORMATION NOTIFICATION" OPENACTIVE
hotline freezes OCAA reason=answer
OCAA hears "CASE SOLVING NOTIFICATION"
hotline closes OCAA code=ERR06 comment="Sans réponse"
OCAA hears "CASE SOLVED NOTIFICATION" CLOSED troubleTicketClosureCode=ERR06
OCAA is closed
