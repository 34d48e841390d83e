# What the order says of the socket is not so: FIMP02, FIMP01, FIMP18.
place socket=laid
OCAA sends CMD_ACCES PriseExistante=O ReferencePrise=ZZ-0000-0000
OCAA hears AR_CMD OK
OCAA hears CR_CMD KO FIMP02
OCAA/2 sends CMD_ACCES PriseExistante=O
OCAA/2 hears AR_CMD OK
OCAA/2 hears CR_CMD KO FIMP01
OCAA/3 sends CMD_ACCES ReferencePrise=$socket
OCAA/3 hears AR_CMD OK
OCAA/3 hears CR_CMD KO FIMP18
free 2
