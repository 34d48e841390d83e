# A person confirms that the socket is a neighbour's: FIMP03, nothing is taken over.
OCBB sends CMD_ACCES PriseExistante=O ReferencePrise=ZZ-ST02-0001
OCBB hears AR_CMD OK
OCBB proposed FIMP03
hotline confirms_rejection OCBB
OCBB hears CR_CMD KO FIMP03
OCBB is cr_ko
free 2
