"""Publications as their jobs make them, on a database that the test commits to."""

import import_jobs
from odoo_process import environment

#: what a publication may change, besides its own rows
TABLES = (
    "oiconnect_published_line",
    "oiconnect_publication_series",
    "oiconnect_exchange",
)


def make_plan(found, network_id, *codes):
    """Return the id of the IPE plan of a network, for operators that are made."""
    with environment(found) as env:
        operators = env["oiconnect.operator"].create(
            [{"name": code, "interop_code": code, "arcep_code": code} for code in codes]
        )
        plan = env["oiconnect.publication.plan"].search(
            [("network_id", "=", network_id), ("family", "=", "ipe")]
        )
        # Nothing is published at an hour of its own while a test looks on.
        plan.write({"operator_ids": [(6, 0, operators.ids)]})
        plan.schedule_ids.active = False
        return plan.id


def queue(found, plan_id, *steps):
    """Put files in the queue; return their ids. The job is for the test to run."""
    with environment(found) as env:
        return env["oiconnect.publication.plan"].browse(plan_id)._publish(steps).ids


def run(found, ids):
    """Do the job of files in this process."""
    with environment(found) as env:
        env["oiconnect.publication"].browse(ids)._run()


def digest(name):
    """Return what was published: equal when nothing changed."""
    found = {
        table: import_jobs.rows(
            name,
            "SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) "
            f"FROM {table} t",
        )
        for table in TABLES
    }
    found["files"] = import_jobs.rows(
        name,
        "SELECT id, checksum FROM ir_attachment "
        "WHERE res_model = 'oiconnect.publication' ORDER BY 1",
    )
    return found
