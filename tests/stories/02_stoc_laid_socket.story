# A socket that is laid and free: the sub-contractor only patches.
place socket=laid
OCAA sends CMD_ACCES TypeRacco=STOC PriseExistante=O ReferencePrise=$socket
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC BRASSAGE
OCAA sends CR_STOC PrisePosee=NON
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
