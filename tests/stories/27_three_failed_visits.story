# The sub-contractor fails three times: the production ends, the fibre is free.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends CR_STOC CrRaccordementPrise=KO MotifKoCrRaccordementPrise=FCLI02
OCAA is connect_ko
hotline resume OCAA
OCAA sends CR_STOC CrRaccordementPrise=KO MotifKoCrRaccordementPrise=FCLI07
OCAA is connect_ko
hotline resume OCAA
OCAA sends CR_STOC CrRaccordementPrise=KO MotifKoCrRaccordementPrise=FCLI07
OCAA hears CR_MAD KO FCLI07
OCAA is mad_ko
free 2
