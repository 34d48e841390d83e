# One fibre of two is terminated, then the whole link; a fibre it has no more is refused.
OCAA sends CMDLIEN NbFODemandees=2
OCAA hears ARCMDLIEN OK
OCAA sends ANNRESLIEN
OCAA hears ARANNRESLIEN KO FIMP16
hotline make_available OCAA
OCAA hears CRMADLIEN OK 1
OCAA hears CRMADLIEN OK 2
OCAA sends ANNRESLIEN NumeroFO=2
OCAA hears ARANNRESLIEN OK 2
OCAA hears CRANNRESLIEN OK 2
OCAA is available
free 1
OCAA sends ANNRESLIEN NumeroFO=2
OCAA hears ARANNRESLIEN KO FIMP16
OCAA sends ANNRESLIEN
OCAA hears ARANNRESLIEN OK
OCAA hears CRANNRESLIEN OK RESILIATION
OCAA is terminated
free 2
