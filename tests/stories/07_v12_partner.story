# A partner of version 1.2 orders beside those of 1.3: its files have its columns.
OCBB sends CMD_ACCES TypeRacco=STOC TypeCommandeDemande=LOCA
OCBB hears AR_CMD OK
OCBB hears CR_CMD OK LOCA
OCBB hears CMD_STOC
OCBB sends CR_STOC
OCBB hears CR_MAD OK
OCBB sends CR_MES
OCBB is in_service
