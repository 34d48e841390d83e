# The order comes by telephone, its adduction before any other message.
hotline orders OCBB
OCBB hears ARCMD OK
hotline deliver OCBB
OCBB hears CRMAD OK INITIAL
OCBB sends ADDU EtatAdduction=KO MotifKoAdduction=FINT01
OCBB hears CrADDU OK
OCBB is delivered
OCBB sends ADDU
OCBB hears CrADDU OK
OCBB is adducted
