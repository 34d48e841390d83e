# We patch a laid socket: no visit is needed.
place socket=laid
OCAA sends CMD_ACCES TypeRacco=OI PriseExistante=O ReferencePrise=$socket
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA is connecting
hotline connected OCAA
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
