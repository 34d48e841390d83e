# A mistyped line, half a file, then a good one that comes twice: one order in the end.
place state=on_demand
OCAA drops CMDPB IdentifiantImmeuble=IMB/99001/S/00O4
OCAA hears ARCMDPB KO FADR02
OCAA tears CMDPB
OCAA warned ARCMDPB KO FIMP16
OCAA finds on_demand
OCAA drops CMDPB
OCAA hears ARCMDPB OK
OCAA repeats CMDPB
OCAA hears ARCMDPB OK
OCAA is ar_ok
OCAA drops CMDPB
OCAA hears ARCMDPB KO FIMP13
OCAA finds on_demand_deploying
