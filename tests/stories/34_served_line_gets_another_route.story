# A line in service moves to another fibre while works go on; its operator is notified.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK D1
OCAA hears CMD_STOC
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
hotline new_route OCAA kind=hot reason="Fibre occupée"
OCAA hears NOTIF_REPROV CHAUD D2
OCAA is in_service
free 0
