# An order in progress is cancelled; what it had reserved is another's.
OCAA sends CMDLIEN NbFODemandees=2
OCAA hears ARCMDLIEN OK
free 0
OCAA sends ANNRESLIEN TypeDemande=ANNULATION
OCAA hears ARANNRESLIEN OK
OCAA hears CRANNRESLIEN OK ANNULATION
OCAA is cancelled
OCAA sends ANNRESLIEN TypeDemande=ANNULATION
OCAA hears ARANNRESLIEN KO FIMP16
OCBB sends CMDLIEN NbFODemandees=2
OCBB hears ARCMDLIEN OK
free 0
