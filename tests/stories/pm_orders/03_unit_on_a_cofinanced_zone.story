# Who co-finances a zone rents nothing there, and who does not orders no COFI.
hotline engages OCAA
OCAA hears CRMAD OK INITIAL COFI
OCAA sends CMD
OCAA hears ARCMD KO FIMP06
OCAA is ar_ko
OCBB sends CMD TypeCommandePM=COFI
OCBB hears ARCMD KO FIMP06
OCBB/2 sends CMD
OCBB/2 hears ARCMD OK
hotline deliver OCBB/2
OCBB/2 hears CRMAD OK INITIAL UNIT NombreOperateursFibrePartageable=1
