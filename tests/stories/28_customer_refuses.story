# The customer refuses the works: no second visit, the production ends at once.
OCAA sends CMD_ACCES TypeRacco=OC
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK
OCAA sends CR_RACCO CrRaccordementPrise=KO MotifKoCrRaccordementPrise=FCLI05 Commentaire="Refus de percer"
OCAA hears CR_MAD KO FCLI05
OCAA is mad_ko
free 2
