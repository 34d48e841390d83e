# An operator patches a laid socket itself: its line comes with the report.
place socket=laid
OCAA sends CMD_ACCES TypeRacco=OC PriseExistante=O ReferencePrise=$socket
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
