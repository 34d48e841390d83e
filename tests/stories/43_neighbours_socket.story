# Two customers of a building: the report of one names the socket of the other.
place fibres=2
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC RACCO_CONSTRUCTION
OCBB sends CMD_ACCES
OCBB hears AR_CMD OK
OCBB hears CR_CMD OK
OCBB hears CMD_STOC RACCO_CONSTRUCTION
OCAA sends CR_STOC ReferencePrise=$OCBB.CR_CMD.ReferencePrise
OCAA refused FIMP16
OCAA is connecting
OCBB sends CR_STOC
OCBB hears CR_MAD OK
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA is delivered
OCBB is delivered
free 0
