# An operator connects its customer by itself, and tells how it went.
OCAA sends CMD_ACCES TypeRacco=OC
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA is connecting
OCAA sends CR_RACCO
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
