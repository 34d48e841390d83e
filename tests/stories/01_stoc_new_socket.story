# Our sub-contractor connects a new customer, and the line is put in service.
place fibres=2
OCAA sends CMD_ACCES TypeRacco=STOC
OCAA hears AR_CMD OK
OCAA hears CR_CMD OK COFI
OCAA hears CMD_STOC RACCO_CONSTRUCTION
OCAA is connecting
OCAA sends CR_STOC
OCAA hears CR_MAD OK
OCAA sends CR_MES
OCAA is in_service
free 1
