"""Flows say what the code knew of them: key of a line, report, notice, carrier.

A flow that nobody edited stays one: its digest is that of its new content.
"""

from odoo import SUPERUSER_ID, api

# Flows of the administrators' own were acknowledged by how their code begins.
NOTICES = {"AR": "NOTIF_AR", "CR": "NOTIF_CR"}
LINKS = {
    "report": "report_flow_id",
    "notice": "notice_flow_id",
    "carrier": "carrier_flow_id",
}
FIELDS = ("key_field", "carried_field")


def migrate(cr, version):
    context = {"active_test": False, "tracking_disable": True}
    flows = api.Environment(cr, SUPERUSER_ID, context)["oiconnect.flow"].search([])
    delivered = {row["code"]: row for row in flows._seed_rows()}
    ids = {flow.code: flow.id for flow in flows}
    for flow in flows:
        row = delivered.get(flow.code) or own_row(flow)
        content = flow._seed_content()
        known = {k: v for k, v in content.items() if k not in (*LINKS, *FIELDS)}
        unedited = flow.seed_hash == flow._seed_digest(known)
        flow.write(
            {name: row[name] or False for name in FIELDS}
            | {field: ids.get(row[name], False) for name, field in LINKS.items()}
        )
        if unedited:
            flow.seed_hash = flow._seed_digest(flow._seed_content())
    flows._load_registry()


def own_row(flow):
    """Return what a flow that the product does not deliver was taken for."""
    is_access = flow.protocol == "access"
    return {
        "key_field": "oc_reference" if is_access else "",
        "carried_field": "",
        "report": "",
        "notice": NOTICES.get(flow.code[:2], ""),
        "carrier": "",
    }
