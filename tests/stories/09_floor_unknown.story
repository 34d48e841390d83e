# The building has no such floor, nor such staircase: FADR04, FADR03.
place levels=1,2
OCAA sends CMD_ACCES Escalier=A Etage=9
OCAA/2 sends CMD_ACCES Escalier=Z Etage=1
OCAA hears AR_CMD OK
OCAA hears CR_CMD KO FADR04
OCAA/2 hears AR_CMD OK
OCAA/2 hears CR_CMD KO FADR03
free 2
