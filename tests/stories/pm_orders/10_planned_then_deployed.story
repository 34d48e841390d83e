# A PM is ordered before it is there; a report that cannot be read is sent anew.
place state=deploying
OCAA sends CMD
OCAA hears ARCMD OK
OCAA is ar_ok
hotline deploys OCAA
hotline deliver OCAA
OCAA hears CRMAD OK INITIAL
OCAA sends ARMAD EtatArMadPM=KO MotifKoArMadPM=FIMP16
OCAA is mad_ko
hotline update OCAA
OCAA hears CRMAD OK MAJ
OCAA is delivered
hotline withdraw OCAA reason=FIMP09
OCAA hears CRMAD KO FIMP09
OCAA is withdrawn
