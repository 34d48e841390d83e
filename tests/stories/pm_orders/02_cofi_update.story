# An operator that co-finances is notified without an order, then asks for what is new.
hotline engages OCAA
OCAA hears CRMAD OK INITIAL COFI lines=2 NombreOperateursFibrePartageable=1
OCAA sends CMD TypeCommandePM=COFI
OCAA hears ARCMD OK COFI
hotline deliver OCAA
OCAA hears CRMAD OK MAJ COFI
OCAA is answered
