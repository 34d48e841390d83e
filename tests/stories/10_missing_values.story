# Mandatory values are missing, or no reference has this kind: refused at receipt.
OCAA sends CMD_ACCES NomClient= DateCommandePrise=
OCAA/2 sends CMD_ACCES TypeCommandeDemande=GRATUIT
OCAA hears AR_CMD KO FIMP15
OCAA is ar_ko
OCAA/2 hears AR_CMD KO FIMP12
OCAA/2 is ar_ko
free 2
