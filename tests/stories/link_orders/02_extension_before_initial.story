# An extension comes before the initial order, then before its report: both refused.
OCAA sends CMDLIEN TypeCommandeLien=EXTE
OCAA hears ARCMDLIEN KO FIMP06
OCAA/2 sends CMDLIEN
OCAA/2 hears ARCMDLIEN OK
OCAA/3 sends CMDLIEN TypeCommandeLien=EXTE
OCAA/3 hears ARCMDLIEN KO FIMP09
free 1
