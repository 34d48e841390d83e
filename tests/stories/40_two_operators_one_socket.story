# A socket of several connectors serves two operators: no line is taken over.
place socket=laid
OCAA sends CMD_ACCES PriseExistante=O ReferencePrise=$socket
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC BRASSAGE
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
OCAA/2 sends CMD_ACCES PriseExistante=O ReferencePrise=$socket
OCAA/2 hears AR_CMD OK
OCAA/2 hears CR_CMD KO FIMP19
OCBB sends CMD_ACCES PriseExistante=O ReferencePrise=$socket
OCBB hears AR_CMD OK
OCBB hears CR_CMD OK 2 BLEU
OCBB hears CMD_STOC BRASSAGE
OCBB sends CR_STOC
OCBB hears CR_MAD OK
OCBB sends CR_MES
OCBB is in_service
OCAA is in_service
free 0
