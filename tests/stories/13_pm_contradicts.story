# The PM does not exist, serves another address, or is not open to this type.
OCAA sends CMD_ACCES ReferencePm=OICN-99001-XXXX
OCAA hears AR_CMD OK
OCAA hears CR_CMD KO FIMP07
OCAA/2 sends CMD_ACCES ReferencePm=OICN-01007-0001
OCAA/2 hears AR_CMD OK
OCAA/2 hears CR_CMD KO FIMP08
OCAA/3 sends CMD_ACCES TypeCommandeDemande=LOCA
OCAA/3 hears AR_CMD OK
OCAA/3 hears CR_CMD KO FIMP06
OCBB sends CMD_ACCES ReferencePrestationPm=XPMS0000
OCBB hears AR_CMD OK
OCBB hears CR_CMD KO FIMP04
free 2
