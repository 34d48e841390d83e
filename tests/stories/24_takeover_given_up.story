# Who wanted to take a line over gives up: the holder never hears of it.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCBB sends CMD_ACCES PriseExistante=O ReferencePrise=$OCAA.CR_CMD.ReferencePrise
OCBB hears AR_CMD OK
OCBB hears CR_CMD OK
OCBB hears CMD_STOC
OCBB sends ANNUL_ACCES
OCBB hears CR_ANNUL OK
OCBB is cancelled
OCAA sends CR_MES
OCAA is in_service
free 1
