# A defect that is not in the list is refused, and so is a missing one.
OCAA opens ticket defectDescription="FIBRE MOISIE"
OCAA answered 2
OCAA/2 opens ticket defectClassId=
OCAA/2 answered 1
