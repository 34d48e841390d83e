# A customer changes their mind while the sub-contractor is at work: the fibre is free.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends ANNUL_ACCES Commentaire="Le client renonce"
OCAA hears CR_ANNUL OK
OCAA is cancelled
OCAA sends CR_STOC
OCAA refused FIMP16
free 2
