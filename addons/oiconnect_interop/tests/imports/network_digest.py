#: tables of what a file may change
TABLES = (
    "oiconnect_building",
    "oiconnect_pm",
    "oiconnect_lot",
    "oiconnect_manager",
    "oiconnect_nro",
    "oiconnect_prdm",
    "oiconnect_pm_link",
    "oiconnect_technical_pm",
    "oiconnect_change",
    "oiconnect_map_delta",
)


def network_digest(env):
    """What the network and its history are, whole, to the last column."""
    env.flush_all()
    found = {}
    for table in TABLES:
        env.cr.execute(
            f"SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t"
        )
        found[table] = env.cr.fetchone()[0]
    return found
