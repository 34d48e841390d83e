# A line is taken over by mistake: its holder is notified, not by whom, then gets it back.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
OCBB sends CMD_ACCES PriseExistante=O ReferencePrise=$OCAA.CR_CMD.ReferencePrise
OCBB hears AR_CMD OK
OCBB hears CR_CMD OK
OCBB hears CMD_STOC BRASSAGE
OCAA is in_service
OCBB sends CR_STOC
OCBB hears CR_MAD OK
OCAA hears NOTIF_ECRASEMENT
OCAA is overwritten
hotline restore OCAA comment="Prise du voisin" taker_comment="Prise attribuée par erreur"
OCBB hears CR_RES OK
OCBB is terminated
OCAA hears NOTIF_REPROV
OCAA is in_service
free 1
