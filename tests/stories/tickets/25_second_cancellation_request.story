# A cancellation that is requested twice changes nothing the second time.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA sets "CASE CANCELATION REQUEST" messageType="COMMENTAIRE DDE ANNUL" messageContent="Erreur"
OCAA sets "CASE CANCELATION REQUEST" messageType="COMMENTAIRE DDE ANNUL" messageContent="Erreur"
OCAA answered 6
OCAA is cancel_requested
