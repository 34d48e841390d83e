# Without a visit that was booked before, an order that we connect is refused.
OCAA sends CMD_ACCES TypeRacco=OI
OCAA hears AR_CMD KO FIMP15
OCAA/2 sends CMD_ACCES TypeRacco=OI IdRdv=OICN-INCONNU
OCAA/2 hears AR_CMD OK
OCAA/2 hears CR_CMD KO FRDV03
free 2
