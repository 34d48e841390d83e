# An order names its PM by more characters than any reference has.
OCAA sends CMD_ACCES ReferencePm=OICN-99001-S001-ARMOIRE-DE-RUE
OCAA hears AR_CMD KO FIMP16
OCAA is ar_ko
free 2
