# During the visit the fibre is found dead: the hotline gives another one at once.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK D1
OCAA hears CMD_STOC
hotline new_route OCAA kind=hot reason="Fibre HS"
OCAA hears NOTIF_REPROV CHAUD D2
OCAA sends CR_STOC NotificationReprovisioningHL=OUI NumeroDecharge=$NOTIF_REPROV.NumeroDecharge
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
free 0
