# A delivered line is not cancelled but terminated, before and after its service.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends RES_ACCES
OCAA hears CR_RES KO FIMP16
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends ANNUL_ACCES
OCAA hears CR_ANNUL KO FIMP16
OCAA sends RES_ACCES
OCAA hears CR_RES OK
OCAA is terminated
OCAA sends ANNUL_ACCES
OCAA hears CR_ANNUL KO FIMP16
free 2
