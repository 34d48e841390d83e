# The initial order comes twice: while the first is in progress, then once it is available.
OCAA sends CMDLIEN
OCAA hears ARCMDLIEN OK
OCAA/2 sends CMDLIEN
OCAA/2 hears ARCMDLIEN KO FIMP09
hotline make_available OCAA
OCAA hears CRMADLIEN OK
OCAA/3 sends CMDLIEN
OCAA/3 hears ARCMDLIEN KO FIMP06
OCAA/4 sends CMDLIEN ReferenceCommandeLienInterneOC=OCAA-S03-1
OCAA hears ARCMDLIEN KO FIMP13
free 1
