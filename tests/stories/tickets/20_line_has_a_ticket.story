# There is one open ticket on a line: a second one is refused.
OCAA opens ticket
OCAA/2 opens ticket line=OCAA
OCAA/2 answered 100
OCAA is open
