# An operator orders two fibres of a link, validates them, then orders one more.
place fibres=4
OCAA sends CMDLIEN NbFODemandees=2
OCAA hears ARCMDLIEN OK
OCAA is ar_ok
hotline make_available OCAA
OCAA hears CRMADLIEN OK 1 0,9
OCAA hears CRMADLIEN OK 2 2,15
hotline deliver OCAA
OCAA hears CRLIVLIEN OK 1
OCAA hears CRLIVLIEN OK 2
OCAA sends CRVALLIEN
OCAA is validated
OCAA/2 sends CMDLIEN TypeCommandeLien=EXTE NbFOExistantes=2
OCAA/2 hears ARCMDLIEN OK
hotline make_available OCAA/2
OCAA/2 hears CRMADLIEN OK 3 $OCAA.CRMADLIEN.ReferencePrestationLien
OCAA/2 is available
free 1
