# An access is ordered before the report of the PM, after it, and before its batch.
OCAA/5 sends CMD_ACCES
OCAA/5 hears AR_CMD OK
OCAA/5 hears CR_CMD KO FIMP09
OCAA sends CMD
OCAA hears ARCMD OK
OCAA is ar_ok
hotline deliver OCAA
OCAA hears CRMAD OK INITIAL
hotline batch OCAA addresses=2 days=30
hotline batch OCAA addresses=1
OCAA hears CRMAD OK MAJ lines=1
OCAA/6 sends CMD_ACCES
OCAA/6 hears AR_CMD OK
OCAA/6 hears CR_CMD KO FINT01
OCAA/7 sends CMD_ACCES address=2
OCAA/7 hears AR_CMD OK
OCAA/7 hears CR_CMD KO FIMP10
