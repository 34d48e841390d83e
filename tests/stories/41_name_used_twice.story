# Another content under a name that came before: shown to us, and nothing applied.
OCAA drops CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA forges CMD_ACCES
OCAA file in_anomaly
OCAA warned AR_CMD KO FIMP16
OCAA is connecting
free 1
