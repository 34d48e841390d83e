"""Keys of the demo's REST API, which everybody knows: never on a real network."""

#: operator's code, or the OI's → value of its key
KEYS = {
    "OICN": "00000000000001c4.demo-key-of-the-infrastructure-operatorOICN",
    "OCAA": "000000000000caa0.demo-key-of-the-commercial-operator-OCAA--0",
}
