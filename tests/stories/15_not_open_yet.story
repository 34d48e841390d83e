# The building opens in some months: FIMP11 until then.
place opens=later
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD KO FIMP11
