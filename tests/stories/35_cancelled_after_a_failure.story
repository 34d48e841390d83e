# After a failed visit the customer gives up: cancelled, and the visit with it.
hotline books OCBB
hotline validates OCBB
OCBB sends CMD_ACCES TypeRacco=OI IdRdv=$RDV.IdRdv
OCBB hears AR_CMD OK
OCBB hears CR_CMD OK
hotline connection_failed OCBB reason=FINT10
OCBB hears NOTIF_RACCO_KO FINT10
OCBB sends ANNUL_ACCES IdRdv=$RDV.IdRdv
OCBB hears CR_ANNUL OK
OCBB is cancelled
free 2
