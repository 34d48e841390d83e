# Inside a building the manager is informed before the operator works there.
place location=indoor
OCBB sends CMD
OCBB hears ARCMD OK
OCBB is ar_ok
hotline deliver OCBB
OCBB hears CRMAD OK INITIAL
OCBB sends ARMAD
OCBB is mad_ok
OCBB sends INTERP
OCBB is announced
hotline inform_manager OCBB
OCBB hears INFOSY OK
OCBB sends ADDU
OCBB hears CrADDU OK
OCBB is adducted
