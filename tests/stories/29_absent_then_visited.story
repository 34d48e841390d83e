# No one is there when we come: the operator is notified, and another visit succeeds.
hotline books OCAA
hotline validates OCAA
OCAA sends CMD_ACCES TypeRacco=OI IdRdv=$RDV.IdRdv
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA is connecting
hotline connection_failed OCAA reason=FCLI07
OCAA hears NOTIF_RACCO_KO FCLI07 NOUVEAU_RDV
OCAA is connect_ko
hotline visits_again OCAA
OCAA is connecting
hotline connected OCAA
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
