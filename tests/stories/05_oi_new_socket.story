# We connect: the visit is booked and validated before the order, then done.
hotline books OCAA
hotline validates OCAA
OCAA sends CMD_ACCES TypeRacco=OI IdRdv=$RDV.IdRdv
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA is connecting
hotline connected OCAA
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
