# A reference serves once; one that was refused at receipt may serve again.
OCAA sends CMD_ACCES ContactClient1=
OCAA hears AR_CMD KO FIMP15
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends CMD_ACCES
OCAA hears AR_CMD KO FIMP13
free 1
