# The sub-contractor reports after we gave up, with a wrong number, then for nothing.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends CR_STOC ReferenceCommandeSousTraitantOI=ST-0000000000
OCAA refused FIMP16
OCAA is connecting
hotline abandon OCAA reason=FINT11
OCAA hears CR_MAD KO FINT11
OCAA sends CR_STOC
OCAA refused FIMP16
OCAA is mad_ko
free 2
