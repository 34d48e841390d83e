# The building is destroyed once its PB was planned: a KO after an OK.
place state=on_demand
OCAA sends CMDPB
OCAA hears ARCMDPB OK
hotline plan OCAA days=20
OCAA hears CRCMDPB OK
hotline destroys OCAA
OCAA hears CRCMDPB KO FIMP10
OCAA is cr_ko
OCAA finds abandoned on_demand
OCAA sends ANNCMDPB
OCAA hears ARANNCMDPB KO FIMP16
OCBB sends CMDPB
OCBB hears ARCMDPB KO FIMP10
