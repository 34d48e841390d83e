# A ticket at work is cancelled with our agreement.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA sets "CASE CANCELATION REQUEST" messageType="COMMENTAIRE DDE ANNUL" messageContent="Plus utile"
OCAA is cancel_requested
OCAA reads OPENACTIVE.TO.BE.CANCELED
hotline agrees_cancel OCAA
OCAA hears "CASE CANCELATION AGREEMENT"
OCAA hears "CASE CANCELATION" CLOSED troubleTicketClosureCode=STT02
OCAA is cancelled
