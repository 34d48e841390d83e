# An operator calls: we order for it, and it hears of it by files as ever.
hotline orders OCAA mode=stoc
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
hotline terminate OCAA comment="Demande par téléphone"
OCAA hears CR_RES OK
OCAA is terminated
free 2
