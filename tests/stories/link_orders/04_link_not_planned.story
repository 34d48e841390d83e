# A link that is abandoned, and one that does not exist: nothing is ordered.
place state=abandoned
OCAA sends CMDLIEN
OCAA hears ARCMDLIEN KO FIMP09
OCAA/2 sends CMDLIEN ReferenceLienPMPRDM=OICN-LNP-X999
OCAA/2 hears ARCMDLIEN KO FIMP16
OCAA/3 sends CMDLIEN ReferencePM=OICN-99001-X999
OCAA/3 hears ARCMDLIEN KO FIMP07
