# A person is to look at a socket of another address; the operator cancels meanwhile.
OCAA sends CMD_ACCES PriseExistante=O ReferencePrise=ZZ-ST02-0001
OCAA hears AR_CMD OK
OCAA proposed FIMP03
OCAA is ar_ok
OCAA sends ANNUL_ACCES Commentaire="Mauvaise prise"
OCAA hears CR_ANNUL OK
OCAA is cancelled
free 2
