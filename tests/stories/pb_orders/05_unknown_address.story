# Addresses and PMs that we do not know, or that do not go together, open nothing.
place state=on_demand
OCAA sends CMDPB IdentifiantImmeuble= CodeAdresseImmeuble=9900100000
OCAA hears ARCMDPB KO FADR01
OCAA/2 sends CMDPB IdentifiantImmeuble=
OCAA/2 hears ARCMDPB KO FIMP15
OCAA/3 sends CMDPB ReferencePM=OICN-99001-404
OCAA/3 hears ARCMDPB KO FIMP07
OCAA/4 sends CMDPB IdentifiantImmeuble=IMB/99001/S/1005
OCAA/4 hears ARCMDPB OK
OCAA/4 finds on_demand_deploying
hotline reject OCAA/4 reason=FINT01
OCAA/4 hears CRCMDPB KO FINT01
OCAA/4 finds on_demand
