# A ticket on an unknown line is refused.
OCAA opens ticket commercialId=INCONNUE-001 technicalId=ZZ-0000-9999
OCAA answered 8
