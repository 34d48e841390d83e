"""The checks of GraceTHD over a delivery, in a bare database, without models."""

import io
from typing import NamedTuple

import odoo_process

NAME = "gracethd_checked"


class Finding(NamedTuple):
    """A report of a check on a row."""

    check: int
    table: str
    line: int
    column: str
    key: str


class CollectingLog:
    """A ``DeliveryLog`` for the checks, stored in a list."""

    def __init__(self, cr, numbers):
        self.cr = cr
        self.levels = dict.fromkeys(numbers, "2")
        self.findings = []

    def problem(self, problem):
        finding = Finding(
            problem.check, problem.table, problem.line, problem.column, problem.key
        )
        self.findings.append(finding)

    def insert(self, check, table, rows, level=None):
        self.cr.execute(rows)
        found = self.cr.fetchall()
        self.findings += [
            Finding(check, table, row[0], row[1], row[3]) for row in found
        ]
        return len(found)

    def flush(self):
        pass


def create_stage(cr):
    """Make the staging tables, once for all deliveries."""
    odoo_process._configure()
    from odoo.addons.oiconnect_gracethd.bulk.staging import DeliveryStage

    DeliveryStage(cr, NAME).create()


class Delivered:
    """A delivery read, staged and checked; who makes it rolls back afterwards."""

    def __init__(self, cr, content):
        from odoo.addons.oiconnect_gracethd.bulk.staging import DeliveryStage
        from odoo.addons.oiconnect_gracethd.checks import CHECKS, CheckRun
        from odoo.addons.oiconnect_gracethd.reading import Limits, open_delivery

        self.log = CollectingLog(cr, CHECKS)
        stage = DeliveryStage(cr, NAME)
        with open_delivery(io.BytesIO(content), Limits()) as delivery:
            self.version = delivery.version
            self.epsg = delivery.epsg
            for problem in delivery.problems:
                self.log.problem(problem)
            stage.load(delivery, self.log, lambda rows: None)
            due = due_of(delivery.generation)
            CheckRun(stage, self.log, delivery.generation, due).execute(
                lambda done, total: None
            )
        self.counts = stage.counts

    def routes(self):
        """Rebuild the routes: drawer position, last fibre, end, PTO, PBO, link."""
        from odoo.addons.oiconnect_gracethd.routes import rebuild

        cr = self.log.cr
        rebuild(cr, NAME)
        cr.execute(
            f"""
            SELECT p.ps_code, f.fo_code, r.end_kind, COALESCE(pto.bp_code, ''),
                COALESCE(pbo.bp_code, ''), COALESCE(link.fo_code, '')
            FROM {NAME}_route r
            JOIN {NAME}_t_position p ON p.line = r.position_line
            JOIN {NAME}_t_fibre f ON f.line = r.fibre_lines[cardinality(r.fibre_lines)]
            LEFT JOIN {NAME}_t_ebp pto ON pto.line = r.pto_line
            LEFT JOIN {NAME}_t_ebp pbo ON pbo.line = r.pbo_line
            LEFT JOIN {NAME}_t_fibre link ON link.line = r.link_fibre_line
            """
        )
        return set(cr.fetchall())

    def nros(self):
        """Return {code of a box: code of the zone of its NRO}."""
        from odoo.addons.oiconnect_gracethd.apply import network
        from odoo.addons.oiconnect_gracethd.apply.base import Base
        from odoo.addons.oiconnect_gracethd.apply.run import SETTINGS
        from odoo.addons.oiconnect_gracethd.routes.links import rebuild_links
        from odoo.addons.oiconnect_gracethd.routes.result import rebuild_routes

        base = Base(self.log.cr, NAME)
        base.build()
        rebuild_routes(base)
        rebuild_links(base)
        network.describe(base, SETTINGS)
        self.log.cr.execute(
            f"""SELECT b.bp_code, n.nro FROM {NAME}_a_box_nro n
                  JOIN {NAME}_t_ebp b ON b.line = n.line"""
        )
        return dict(self.log.cr.fetchall())

    @property
    def findings(self):
        return self.log.findings


def due_of(generation):
    """Return the tables of a network and the columns that the standard wants."""
    from odoo.addons.oiconnect_gracethd.catalogue import TABLES

    tables = {"t_cableline", "t_fibre", "t_position", "t_ebp", "t_cable", "t_noeud"}
    return [(table, "", "2") for table in sorted(tables)] + [
        (column.table, column.name, "2")
        for table in TABLES.values()
        for column in table.columns.values()
        if generation in column.required
    ]
