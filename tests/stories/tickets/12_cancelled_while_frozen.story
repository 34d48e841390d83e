# A cancellation that is requested while the ticket is frozen ends the freeze.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
hotline freezes OCAA reason=third
OCAA hears "CASE SOLVING NOTIFICATION"
OCAA sets "CASE CANCELATION REQUEST" messageType="COMMENTAIRE DDE ANNUL" messageContent="Travaux trop longs"
OCAA is cancel_requested
hotline agrees_cancel OCAA
OCAA hears "CASE CANCELATION AGREEMENT"
OCAA hears "CASE CANCELATION" CLOSED
OCAA is cancelled
