# The same file comes twice: its receipt is sent again, nothing is ordered twice.
OCAA drops CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA repeats CMD_ACCES
OCAA hears AR_CMD OK
OCAA is connecting
free 1
