# A link is ordered while it is planned, and made available once it is deployed.
place state=planned
OCAA sends CMDLIEN
OCAA hears ARCMDLIEN OK
hotline deploys OCAA
hotline make_available OCAA
OCAA hears CRMADLIEN OK 1
OCAA is available
