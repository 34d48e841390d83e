# A ticket that we opened by mistake is withdrawn, and no operator hears of it.
hotline opens OCAA
hotline withdraws OCAA comment="Doublon"
OCAA is cancelled
OCAA deaf ticket
