# We give up for a reason of our own, in our words: FAUT01.
OCAA sends CMD_ACCES
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA hears CMD_STOC
hotline abandon OCAA reason=FAUT01 comment="Immeuble démoli"
OCAA hears CR_MAD KO FAUT01 "Immeuble démoli"
OCAA is mad_ko
free 2
