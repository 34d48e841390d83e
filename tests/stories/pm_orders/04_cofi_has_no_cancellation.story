# The order of a co-financing operator cannot be cancelled; a unit order can, once.
hotline engages OCAA
OCAA hears CRMAD OK INITIAL
OCAA sends CMD TypeCommandePM=COFI
OCAA hears ARCMD OK
OCAA is ar_ok
OCAA sends AnnRes TypeDemande=ANNULATION ReferencePrestationPM=
OCAA hears CrAnnRes KO FIMP06
OCAA is ar_ok
OCBB sends CMD
OCBB hears ARCMD OK
OCBB is ar_ok
OCBB sends AnnRes TypeDemande=ANNULATION
OCBB hears CrAnnRes OK ANNULATION
OCBB is cancelled
OCBB sends AnnRes TypeDemande=ANNULATION
OCBB hears CrAnnRes KO FIMP16
