"""Indexes of states have what statistics ask for: those of the state alone go."""


def migrate(cr, version):
    cr.execute(
        """
        DROP INDEX IF EXISTS
            oiconnect_building__state_index, oiconnect_pto__state_index
        """
    )
