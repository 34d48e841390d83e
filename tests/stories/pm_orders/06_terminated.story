# The operator leaves the PM for good, and comes back by a new order.
OCAA sends CMD
OCAA hears ARCMD OK
OCAA is ar_ok
hotline deliver OCAA
OCAA hears CRMAD OK INITIAL
OCAA sends AnnRes TypeDemande=ANNULATION
OCAA hears CrAnnRes KO FIMP16
OCAA sends AnnRes
OCAA hears CrAnnRes OK RESILIATION
OCAA is terminated
OCAA sends ARMAD
OCAA refused FIMP16
OCAA/2 sends CMD
OCAA/2 hears ARCMD OK
OCAA/2 is ar_ok
hotline deliver OCAA/2
OCAA/2 hears CRMAD OK INITIAL
