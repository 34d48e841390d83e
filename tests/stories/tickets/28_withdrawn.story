# A ticket that we opened by mistake is withdrawn, and nobody hears of it.
hotline opens OCAA
hotline withdraws OCAA comment="Doublon"
OCAA is cancelled
OCAA deaf ticket
