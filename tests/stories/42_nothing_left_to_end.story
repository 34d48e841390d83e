# What was rejected is neither cancelled nor terminated, what was cancelled no more.
OCBB sends CMD_ACCES CodeAdresseImmeuble=0000000000 CodeVoieRivoliImmeuble=
OCBB hears AR_CMD OK
OCBB hears CR_CMD KO FADR01
OCBB sends ANNUL_ACCES
OCBB hears CR_ANNUL KO FIMP16
OCBB sends RES_ACCES
OCBB hears CR_RES KO FIMP16
OCBB/2 sends CMD_ACCES
OCBB/2 hears AR_CMD OK
OCBB/2 hears CR_CMD OK
OCBB/2 hears CMD_STOC
OCBB/2 sends ANNUL_ACCES
OCBB/2 hears CR_ANNUL OK
OCBB/2 sends ANNUL_ACCES
OCBB/2 hears CR_ANNUL KO FIMP16
free 2
