# A ticket that has not begun is cancelled at once.
OCAA opens ticket
OCAA sets "CASE CANCELATION REQUEST" messageType="COMMENTAIRE DDE ANNUL" messageContent="Le client a rétabli sa box"
OCAA hears "CASE CANCELATION" CLOSED troubleTicketClosureCode=ERR07
OCAA is cancelled
OCAA reads CLOSED troubleTicketClosureCode=ERR07
