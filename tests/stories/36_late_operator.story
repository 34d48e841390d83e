# The sub-contractor lets its two months pass: marked as late, it reports and is paid.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
hotline waits OCAA days=62
OCAA late operator
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
free 1
