# A message to the operator starts a ticket that has not begun.
OCAA opens ticket
hotline writes OCAA type=question text="Le client est-il présent ?"
OCAA hears "CASE SOLVING NOTIFICATION" OPENACTIVE supplierResolutionState="ACTION A DEFINIR"
OCAA hears "SU CASE INFORMATION NOTIFICATION" OPENACTIVE messageType=DEMANDE messageContent="Le client est-il présent ?"
OCAA sets "SP CASE INFORMATION NOTIFICATION" messageType=REPONSE messageContent="Oui, le matin"
OCAA is in_progress
OCAA deaf ticket
