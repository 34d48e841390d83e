# The first unit order rents the PM, the next one asks what is new there.
OCAA sends CMD
OCAA hears ARCMD OK UNIT
OCAA is ar_ok
hotline deliver OCAA
OCAA hears CRMAD OK INITIAL lines=2 NombreLogementsMadPM=18
OCAA is delivered
OCAA sends ARMAD
OCAA is mad_ok
OCAA/2 sends CMD
OCAA/2 hears ARCMD OK
OCAA/2 is ar_ok
hotline deliver OCAA/2
OCAA/2 hears CRMAD OK MAJ lines=2
OCAA/2 is answered
OCAA is mad_ok
