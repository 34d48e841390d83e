# No operator cancels the order of another; each operator has its own references.
place state=on_demand
OCAA sends CMDPB
OCAA hears ARCMDPB OK
OCBB sends ANNCMDPB ReferenceCommandePBInterneOC=OCAA-S06-1
OCBB hears ARANNCMDPB KO FIMP14 of=OCAA
OCAA is ar_ok
OCAA sends ANNCMDPB IdentifiantImmeuble=IMB/99001/S/1006
OCAA hears ARANNCMDPB KO FIMP16
OCAA sends ANNCMDPB
OCAA hears ARANNCMDPB OK
OCAA is cancelled
OCBB/2 sends CMDPB ReferenceCommandePBInterneOC=OCAA-S06-1
OCBB/2 hears ARCMDPB OK of=OCAA
