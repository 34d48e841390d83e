# Two batches of addresses, each announced to both operators, then a corrected count.
OCAA sends CMD
OCAA hears ARCMD OK
OCAA is ar_ok
OCBB sends CMD
OCBB hears ARCMD OK
OCBB is ar_ok
hotline deliver OCAA
hotline deliver OCBB
OCAA hears CRMAD OK INITIAL lines=2
OCBB hears CRMAD OK INITIAL lines=2
hotline batch OCAA addresses=1
OCAA hears CRMAD OK MAJ 10 lines=2
OCBB hears CRMAD OK MAJ LOTPB-P005-1 lines=2
hotline batch OCAA addresses=2
OCAA hears CRMAD OK MAJ lines=2
OCBB hears CRMAD OK MAJ lines=2
hotline corrects OCAA dwellings=9
OCAA hears CRMAD OK MAJ lines=2
OCBB hears CRMAD 9 10 MAJ
