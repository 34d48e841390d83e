# A customer leaves: the line is terminated, its socket serves the next operator.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
OCAA sends RES_ACCES
OCAA hears CR_RES OK
OCAA is terminated
OCBB sends CMD_ACCES PriseExistante=O ReferencePrise=$OCAA.CR_CMD.ReferencePrise
OCBB hears AR_CMD OK
OCBB hears CR_CMD OK
OCBB hears CMD_STOC BRASSAGE
OCBB sends CR_STOC
OCBB hears CR_MAD OK
OCBB sends CR_MES
OCBB is in_service
free 1
