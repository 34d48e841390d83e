# We order for an operator that calls, and tell it that the link cannot be produced.
hotline orders OCAA fibres=1
OCAA hears ARCMDLIEN OK
hotline abandon OCAA reason=FINT04 comment="FOURREAU BOUCHE"
OCAA hears CRMADLIEN KO FINT04
OCAA is mad_ko
free 2
