# What is not ours is closed at once, with the code that says why.
OCAA opens ticket
hotline closes OCAA code=ERR03 comment="Précisez le local"
OCAA hears "CASE SOLVED NOTIFICATION" CLOSED troubleTicketClosureCode=ERR03 defectResponsibility=OC
OCAA is closed
OCAA sets "SP CASE INFORMATION NOTIFICATION" messageType=INFO messageContent="Trop tard"
OCAA answered 11
