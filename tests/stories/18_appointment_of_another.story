# An operator names the visit of another one, or one that serves already.
hotline books OCAA
hotline validates OCAA
OCBB sends CMD_ACCES TypeRacco=OI IdRdv=$OCAA.RDV.IdRdv
OCBB hears AR_CMD OK
OCBB hears CR_CMD KO FRDV03
OCAA sends CMD_ACCES TypeRacco=OI IdRdv=$RDV.IdRdv
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA/2 sends CMD_ACCES TypeRacco=OI IdRdv=$OCAA.RDV.IdRdv
OCAA/2 hears AR_CMD OK
OCAA/2 hears CR_CMD KO FRDV04
free 1
