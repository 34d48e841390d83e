# What names no order of the operator is answered, and changes nothing.
OCAA sends CMDLIEN
OCAA hears ARCMDLIEN OK
OCBB sends ANNRESLIEN
OCBB hears ARANNRESLIEN KO FIMP14
OCBB sends CRVALLIEN
OCBB refused FIMP14
OCAA is ar_ok
