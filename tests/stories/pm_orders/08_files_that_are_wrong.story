# A mistyped file, half a file, the same file again, an unknown PM.
OCAA sends CMD TypeCommandePM=UNITAIRE
OCAA hears ARCMD KO FIMP12
OCAA sends CMD DateCommandePM=20261399
OCAA hears ARCMD KO FIMP16
OCAA/2 sends CMD cut=70
OCAA/2 warned ARCMD KO FIMP16
OCAA/3 sends CMD
OCAA/3 hears ARCMD OK
OCAA/3 repeats CMD
OCAA/3 hears ARCMD OK
OCAA/3 sends CMD
OCAA/3 hears ARCMD KO FIMP13
OCAA/4 sends AnnRes
OCAA/4 hears CrAnnRes KO FIMP14
