# The technician is on site: the cancellation is refused and the work goes on.
OCAA opens ticket
hotline adds_task OCAA
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA sets "CASE CANCELATION REQUEST" messageType="COMMENTAIRE DDE ANNUL" messageContent="Erreur"
OCAA is cancel_requested
hotline refuses_cancel OCAA comment="Le technicien est sur place"
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE
OCAA is in_progress
