# A PB that is laid on demand opens its addresses to the orders of every operator.
place state=on_demand
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD KO FIMP10
OCAA sends CMDPB
OCAA hears ARCMDPB OK
OCAA finds on_demand_deploying
OCBB sends CMD_ACCES
OCBB hears AR_CMD OK
OCBB hears CR_CMD KO FIMP10
hotline plan OCAA days=30
OCAA hears CRCMDPB OK
OCAA is planned
hotline lay OCAA
OCAA hears CRCMDPB OK
OCAA is laid
OCAA finds deployed
OCBB/2 sends CMD_ACCES
OCBB/2 hears AR_CMD OK
OCBB/2 hears CR_CMD OK
OCBB/2 hears CMD_STOC
