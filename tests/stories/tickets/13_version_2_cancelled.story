# A partner of 2.x hears of a cancellation by the state of its version.
OCBB opens ticket
OCBB sets "CASE CANCELATION REQUEST" messageType="COMMENTAIRE DDE ANNUL" messageContent="Erreur de saisie"
OCBB hears "CASE CANCELATION" CLOSE.CANCELLED
OCBB is cancelled
