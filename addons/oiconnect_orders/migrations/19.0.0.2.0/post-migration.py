"""References of new sockets come from the counter of the network, as labels do."""


def migrate(cr, version):
    # Sockets keep their references: the counter passes over those that exist.
    cr.execute("DROP SEQUENCE IF EXISTS oiconnect_pto_reference")
