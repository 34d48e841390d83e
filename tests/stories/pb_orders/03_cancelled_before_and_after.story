# Cancelled before the PB is laid, ordered again, then cancelled too late.
place state=on_demand
OCAA sends CMDPB
OCAA hears ARCMDPB OK
OCBB sends CMDPB
OCBB hears ARCMDPB KO FIMP11
OCAA sends ANNCMDPB
OCAA hears ARANNCMDPB OK
OCAA is cancelled
OCAA finds on_demand
OCBB/2 sends CMDPB
OCBB/2 hears ARCMDPB OK
hotline lay OCBB/2
OCBB/2 hears CRCMDPB OK
OCBB/2 sends ANNCMDPB
OCBB/2 hears ARANNCMDPB KO FIMP16
OCBB/2 is laid
OCAA finds deployed
