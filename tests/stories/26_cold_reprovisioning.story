# The visit fails for want of continuity; another route comes later, and works.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK D1
OCAA hears CMD_STOC
OCAA sends CR_STOC CrRaccordementPrise=KO MotifKoCrRaccordementPrise=FINT04 NotificationReprovisioningHL=OUI NumeroDecharge=HL-20260314-0091
OCAA is connect_ko
hotline new_route OCAA kind=cold reason="Fibre HS"
OCAA hears NOTIF_REPROV FROID HL-20260314-0091 D2
OCAA is connecting
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
free 0
