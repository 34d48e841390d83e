"""A large network with all its levels, made by SQL: what capacity is counted on.

Ten fibres a PBO, fourteen PBOs a cable and a module, ten cables a PM. Of the PBOs, 2 %
have no free route left, 10 % one, the others a handful.
"""

from odoo.tools import SQL

from odoo.addons.oiconnect_orders.tests.common import make_network, make_operator

FIBRES, CABLE, PM = 10, 140, 1400

_STATEMENTS = (
    """
    INSERT INTO oiconnect_pm (network_id, company_id, reference, state, authorisation)
    SELECT %(network)s, %(company)s, 'BCAP-PM-' || rank, 'deployed', 'open'
      FROM generate_series(0, %(count)s - 1, %(pm)s) rank
    """,
    """
    INSERT INTO oiconnect_pbo_cable (network_id, company_id, reference, pm_id)
    SELECT %(network)s, %(company)s, 'BCAP-CB-' || rank, pm.id
      FROM generate_series(0, %(count)s - 1, %(cable)s) rank
      JOIN oiconnect_pm pm ON pm.network_id = %(network)s
       AND pm.reference = 'BCAP-PM-' || rank / %(pm)s * %(pm)s
    """,
    """
    INSERT INTO oiconnect_pm_module (network_id, company_id, name, pm_id)
    SELECT network_id, company_id, reference, pm_id
      FROM oiconnect_pbo_cable WHERE reference LIKE 'BCAP-CB-%%'
    """,
    """
    INSERT INTO oiconnect_pbo (network_id, company_id, reference, pm_id)
    SELECT %(network)s, %(company)s, 'BCAP-PBO-' || rank, pm.id
      FROM generate_series(0, %(count)s - 1, %(fibres)s) rank
      JOIN oiconnect_pm pm ON pm.network_id = %(network)s
       AND pm.reference = 'BCAP-PM-' || rank / %(pm)s * %(pm)s
    """,
    """
    INSERT INTO oiconnect_building (
        network_id, company_id, identifier, state, address, address_code, pm_id)
    SELECT %(network)s, %(company)s, 'BCAP/IMB/' || rank, 'deployed',
           rank || ' RUE DES ESSAIS, 99100 VILLE EXEMPLE',
           'Z' || lpad(rank::text, 9, '0'), NULL
      FROM generate_series(0, %(count)s - 1) rank
    """,
    """
    INSERT INTO oiconnect_pbo_fibre (
        network_id, company_id, cable_id, tube, fibre, pbo_id)
    SELECT %(network)s, %(company)s, cable.id, (rank %% %(cable)s / 12 + 1)::text,
           (rank %% 12 + 1)::text || '.' || rank %% %(cable)s, pbo.id
      FROM generate_series(0, %(count)s - 1) rank
      JOIN oiconnect_pbo_cable cable ON cable.network_id = %(network)s
       AND cable.reference = 'BCAP-CB-' || rank / %(cable)s * %(cable)s
      JOIN oiconnect_pbo pbo ON pbo.network_id = %(network)s
       AND pbo.reference = 'BCAP-PBO-' || rank / %(fibres)s * %(fibres)s
    """,
    """
    INSERT INTO oiconnect_pm_position (
        network_id, company_id, module_id, pm_id, name, cable_id, tube, fibre)
    SELECT fibre.network_id, fibre.company_id, module.id, module.pm_id,
           fibre.fibre, fibre.cable_id, fibre.tube, fibre.fibre
      FROM oiconnect_pbo_fibre fibre
      JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id
      JOIN oiconnect_pm_module module ON module.pm_id = cable.pm_id
       AND module.name = cable.reference
     WHERE fibre.network_id = %(network)s
    """,
    """
    INSERT INTO oiconnect_route (
        network_id, company_id, name, sequence, pm_id, module_id, position_id,
        position_name, cable_id, fibre_id, tube, fibre, pbo_id, state, operator_id)
    SELECT fibre.network_id, fibre.company_id, 'BCAP-R-' || fibre.id, fibre.id,
           position.pm_id, position.module_id, position.id, position.name,
           fibre.cable_id, fibre.id, fibre.tube, fibre.fibre, fibre.pbo_id,
           CASE WHEN is_used THEN 'used' ELSE 'free' END,
           CASE WHEN is_used THEN %(operator)s END
      FROM oiconnect_pbo_fibre fibre
      JOIN oiconnect_pm_position position ON position.cable_id = fibre.cable_id
       AND position.name = fibre.fibre
     CROSS JOIN LATERAL (SELECT CASE
           WHEN fibre.pbo_id %% 50 = 0 THEN TRUE
           WHEN fibre.pbo_id %% 10 = 3 THEN fibre.id %% 10 > 0
           ELSE fibre.id %% 10 < 3 END AS is_used) chosen
     WHERE fibre.network_id = %(network)s
    """,
    """
    INSERT INTO oiconnect_pto (
        network_id, company_id, building_id, reference, state, connector_count, pbo_id)
    SELECT route.network_id, route.company_id, building.id,
           'ZK-' || lpad((route.id / 10000)::text, 4, '0') || '-'
                 || lpad((route.id %% 10000)::text, 4, '0'),
           'existing', 4, route.pbo_id
      FROM oiconnect_route route
      JOIN oiconnect_building building
        ON building.identifier = 'BCAP/IMB/' || route.id %% %(count)s
       AND building.network_id = %(network)s
     WHERE route.network_id = %(network)s AND route.state = 'used'
    """,
)


def make(env, routes):
    """Return the network, of ``routes`` optical routes."""
    network = make_network(env, code="OIBC", prefix="ZK")["network"]
    operator = make_operator(env, "OCBC")
    env.flush_all()
    for statement in _STATEMENTS:
        env.cr.execute(
            SQL(
                statement,
                network=network.id,
                company=network.company_id.id,
                operator=operator.id,
                count=routes,
                fibres=FIBRES,
                cable=CABLE,
                pm=PM,
            )
        )
        env.cr.execute("ANALYZE")
    env.invalidate_all()
    return network
