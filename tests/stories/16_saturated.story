# One fibre, two operators: the second is refused, as the PBO is saturated.
place fibres=1
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCBB sends CMD_ACCES
OCBB hears AR_CMD OK
OCBB hears CR_CMD KO FINT01
free 0
