# The building is still to be cabled: FIMP10.
place state=deploying
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD KO FIMP10
