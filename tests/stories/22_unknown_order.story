# What was never ordered is neither cancelled nor terminated: FIMP14.
OCAA sends ANNUL_ACCES
OCAA hears CR_ANNUL KO FIMP14
OCAA/2 sends RES_ACCES
OCAA/2 hears CR_RES KO FIMP14
OCAA/3 sends CR_MES ReferencePrestationPrise=OICNP0000000000099999
OCAA/3 refused FIMP14
free 2
