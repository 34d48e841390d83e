# Two operators, three fibres: the second asks for more than are left, then for what is.
place fibres=3
OCAA sends CMDLIEN NbFODemandees=2
OCAA hears ARCMDLIEN OK
OCBB sends CMDLIEN
OCBB hears ARCMDLIEN KO FIMP09
hotline make_available OCAA
OCAA hears CRMADLIEN OK 1
OCAA hears CRMADLIEN OK 2
OCBB/2 sends CMDLIEN NbFODemandees=2
OCBB/2 hears ARCMDLIEN KO FINT01
OCBB/3 sends CMDLIEN
OCBB/3 hears ARCMDLIEN OK
free 0
