"""Routes over one to three cables, made by SQL: what is followed end to end.

A feeder of 720 fibres leaves each module; of three routes one stays on it, one goes
on over a splice, one over two. A splice in a hundred is missing. Thirty-two positions
are fed by each fibre of the link.
"""

from odoo.addons.oiconnect_orders.tests.common import make_network, make_operator

FEEDER, SPLITTER = 720, 32

_CABLES = """
    INSERT INTO oiconnect_pbo_cable (network_id, company_id, reference, pm_id, length_m)
    SELECT %(network)s, %(company)s, 'TRC-' || level || '-' || rank, %(pm)s, 400
      FROM generate_series(0, 2) level,
           generate_series(0, %(count)s - 1, %(feeder)s) rank
"""
_FIBRES = """
    INSERT INTO oiconnect_pbo_fibre (
        network_id, company_id, cable_id, tube, fibre, sequence, pbo_id)
    SELECT cable.network_id, cable.company_id, cable.id,
           (rank %% %(feeder)s / 12 + 1)::text, (rank %% 12 + 1)::text, rank,
           CASE WHEN level = rank %% 3 THEN %(pbo)s END
      FROM generate_series(0, %(count)s - 1) rank
     CROSS JOIN LATERAL generate_series(0, rank %% 3) level
      JOIN oiconnect_pbo_cable cable ON cable.network_id = %(network)s
       AND cable.reference
           = 'TRC-' || level || '-' || rank / %(feeder)s * %(feeder)s
"""
_SPLICES = """
    INSERT INTO oiconnect_splice (
        network_id, company_id, upstream_id, downstream_id, pm_id,
        upstream_cable_id, downstream_cable_id, box)
    SELECT upper.network_id, upper.company_id, upper.id, lower.id, %(pm)s,
           upper.cable_id, lower.cable_id, 'CH'
      FROM generate_series(0, 1) level
      JOIN oiconnect_pbo_cable cable ON cable.network_id = %(network)s
       AND cable.reference LIKE 'TRC-' || level || '-%%'
      JOIN oiconnect_pbo_cable next ON next.network_id = cable.network_id
       AND next.reference = 'TRC-' || level + 1 || substr(cable.reference, 6)
      JOIN oiconnect_pbo_fibre upper ON upper.cable_id = cable.id
      JOIN oiconnect_pbo_fibre lower ON lower.cable_id = next.id
       AND lower.sequence = upper.sequence
     WHERE level > 0 OR upper.sequence %% 100 <> 7
"""
_LINK_FIBRES = """
    INSERT INTO oiconnect_pm_link_fibre (
        network_id, company_id, link_id, number, state, pm_id, prdm_id)
    SELECT %(network)s, %(company)s, %(link)s, rank + 1, 'used', %(pm)s, %(prdm)s
      FROM generate_series(0, (%(count)s - 1) / %(splitter)s) rank
"""
_POSITIONS = """
    INSERT INTO oiconnect_pm_position (
        network_id, company_id, module_id, pm_id, name, sequence, cable_id, tube,
        fibre, link_fibre_id)
    SELECT fibre.network_id, fibre.company_id, %(module)s, %(pm)s,
           'P' || fibre.sequence, fibre.sequence, fibre.cable_id, fibre.tube,
           fibre.fibre, feed.id
      FROM oiconnect_pbo_fibre fibre
      JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id
       AND cable.reference LIKE 'TRC-0-%%'
      JOIN oiconnect_pm_link_fibre feed ON feed.link_id = %(link)s
       AND feed.number = fibre.sequence / %(splitter)s + 1
     WHERE fibre.network_id = %(network)s
"""
_ROUTES = """
    INSERT INTO oiconnect_route (
        network_id, company_id, name, sequence, pm_id, module_id, position_id,
        position_name, cable_id, fibre_id, tube, fibre, pbo_id, state)
    SELECT fibre.network_id, fibre.company_id, 'TRC-' || fibre.sequence,
           fibre.sequence, %(pm)s, %(module)s, position.id, position.name,
           fibre.cable_id, fibre.id, fibre.tube, fibre.fibre, fibre.pbo_id, 'free'
      FROM oiconnect_pbo_fibre fibre
      JOIN oiconnect_pm_position position ON position.module_id = %(module)s
       AND position.sequence = fibre.sequence
      JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id
       AND cable.reference LIKE 'TRC-%%'
     WHERE fibre.pbo_id = %(pbo)s
"""


def make(env, count):
    """Make ``count`` routes; return what they hang on, by name."""
    made = make_network(env, code="BTRC", prefix="ZB")
    make_operator(env, "OCTR")
    own = {"network_id": made["network"].id}
    prdm = env["oiconnect.prdm"].create({"reference": "PRDM-BTRC", **own})
    link = env["oiconnect.pm.link"].create(
        {
            "reference": "LIEN-BTRC",
            "pm_id": made["pm"].id,
            "prdm_id": prdm.id,
            "capacity": count,
            **own,
        }
    )
    module = env["oiconnect.pm.module"].create(
        {"name": "TIROIR BTRC", "pm_id": made["pm"].id}
    )
    env.flush_all()
    values = {
        "network": made["network"].id,
        "company": made["network"].company_id.id,
        "pm": made["pm"].id,
        "pbo": made["pbo"].id,
        "module": module.id,
        "link": link.id,
        "prdm": prdm.id,
        "count": count,
        "feeder": FEEDER,
        "splitter": SPLITTER,
    }
    for statement in (_CABLES, _FIBRES, _SPLICES, _LINK_FIBRES, _POSITIONS, _ROUTES):
        env.cr.execute(statement, values)
        env.cr.execute("ANALYZE oiconnect_pbo_cable, oiconnect_pbo_fibre")
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    return values
