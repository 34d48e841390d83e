# An unknown address: FADR01, and no fibre is taken.
OCAA sends CMD_ACCES CodeAdresseImmeuble=0000000000 IdentifiantImmeuble= CodeVoieRivoliImmeuble=
OCAA hears AR_CMD OK
OCAA hears CR_CMD KO FADR01
OCAA is cr_ko
free 2
