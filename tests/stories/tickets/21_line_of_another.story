# An operator cannot open a ticket on the line of another one.
OCAA opens ticket
OCBB opens ticket line=OCAA
OCBB answered 9
