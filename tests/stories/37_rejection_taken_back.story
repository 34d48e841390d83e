# We rejected for a building that is ready in fact: taken back, and the line is built.
place state=deploying
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD KO FIMP10
OCAA is cr_ko
hotline sets_control_aside OCAA why="Immeuble livré ce matin"
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
free 1
