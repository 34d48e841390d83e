import base64
import json

from odoo import api, fields, models

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_infra.models.inventory.pm_plan import plan_pdf
from odoo.addons.oiconnect_infra.models.inventory.technical_pm import VISITED_FIELDS

from ..orders.order_mixin import payload_values

PM_FIELDS = (
    "reference state installation_date location_type comment max_capacity rivoli_code "
    "insee_code postal_code city address_code street_type street_name street_number "
    "street_number_suffix building_name engineering_type riser_count commercial_date "
    "projection first_delivery_date"
).split()
BUILDING_FIELDS = (
    "identifier insee_code postal_code city address_code street_type street_name "
    "street_number street_number_suffix building_name dwelling_count state "
    "cabling_date building_type zone_type"
).split()
PLAN = "plan.pdf"


class PmReport(models.Model):
    """Content of reports (CR MAD) on a PM at a moment: its addresses and its plan.

    Stored as it was then, once for all operators that are notified.
    """

    _name = "oiconnect.pm.report"
    _description = "Content of reports on a PM"
    _inherit = ["oiconnect.network.mixin"]
    _order = "id desc"
    _event_fields = EVERY_FIELD

    pm_id = fields.Many2one(
        "oiconnect.pm", "PM", required=True, index=True, ondelete="restrict"
    )
    content = fields.Binary("Addresses", attachment=True, groups=fields.NO_ACCESS)
    line_count = fields.Integer("Number of lines", aggregator=None)
    plan = fields.Binary(attachment=True)
    plan_name = fields.Char(compute="_compute_plan_name")

    @api.depends("pm_id", "create_date")
    def _compute_display_name(self):
        for report in self:
            day = fields.Datetime.context_timestamp(report, report.create_date)
            report.display_name = f"{report.pm_id.reference} · {day:%Y-%m-%d %H:%M}"

    @api.depends("pm_id")
    def _compute_plan_name(self):
        for report in self:
            report.plan_name = f"{report.pm_id.reference}_{PLAN}"

    @api.model
    @api.private
    def _make(self, pm):
        """Return the report of ``pm`` as it is now."""
        content = self._content_of(pm)
        return self.sudo().create(
            {
                "network_id": pm.network_id.id,
                "pm_id": pm.id,
                "line_count": len(content["lines"]),
                "content": base64.b64encode(json.dumps(content).encode()),
                "plan": base64.b64encode(plan_pdf(self.env, pm)),
            }
        )

    # ------------------------------------------------------------------
    # Stored content
    # ------------------------------------------------------------------

    @api.model
    def _content_of(self, pm):
        """Return the PM, its technical PMs, and a dict for each address."""
        return {
            "pm": payload_values(pm, PM_FIELDS)
            | {
                "dwelling_count": pm.dwelling_count,
                "lot_reference": pm.lot_id.reference or None,
                "x": pm.x or None,
                "y": pm.y or None,
            },
            "technical_pms": {
                technical.id: self._access_of(pm, technical)
                for technical in pm.technical_pm_ids or [pm.technical_pm_ids]
            },
            "lines": list(self._address_lines(pm)),
        }

    @api.model
    def _access_of(self, pm, technical):
        """Return how to get to a technical PM: what is empty is as at the PM."""
        access = {name: technical[name] or pm[name] for name in VISITED_FIELDS}
        return {"reference": technical.reference or None} | {
            name: value or None for name, value in access.items()
        }

    @api.model
    def _address_lines(self, pm):
        """Yield a dict for each address: those of no batch, then of each batch.

        What was made available with the PM stays so when its first batch comes.
        """
        today = local_today()
        batches = pm.batch_ids.filtered(
            lambda batch: batch.delivery_date and batch.delivery_date <= today
        ).sorted(lambda batch: (batch.delivery_date, batch.id))
        waiting = pm.batch_ids.building_ids if batches else batches.building_ids
        yield from self._building_lines(
            pm.building_ids.filtered(lambda one: one.state == "deployed") - waiting, pm
        )
        for batch in batches:
            common = {
                "batch": {
                    "reference": batch.reference,
                    "dwelling_count": batch.dwelling_count,
                    "date": batch.delivery_date.isoformat(),
                },
                "only_for": batch.operator_id.id or None,
            }
            for line in self._building_lines(batch.building_ids, pm):
                yield line | common

    @api.model
    def _building_lines(self, buildings, pm):
        alone = pm.technical_pm_ids if len(pm.technical_pm_ids) == 1 else None
        for building in buildings.sorted(lambda b: (b.identifier or "", b.id)):
            codes = building.pbo_type_id.code, building.connection_type_id.code
            values = payload_values(building, BUILDING_FIELDS) | {
                "dwelling_count": building.dwelling_count,
                "manager_agreement_required": building.manager_agreement_required,
                "connection_category": " ".join(filter(None, codes)) or None,
            }
            for technical in alone or building.pbo_ids.technical_pm_id or [False]:
                yield {
                    "building": values,
                    "technical_pm": technical.id if technical else False,
                }

    # ------------------------------------------------------------------
    # What an operator reads
    # ------------------------------------------------------------------

    def _lines_for(self, payload):
        """Return the lines of the report to one operator.

        A batch that was there before the operator was made available to it with the
        rest.
        """
        stored = json.loads(base64.b64decode(self.content))
        first = payload["service_date"] or ""
        common = payload | {"pm": stored["pm"]}
        technical_pms = stored["technical_pms"]
        # The first stands for what is at none of several.
        unknown = next(iter(technical_pms.values()))
        lines = []
        for line in stored["lines"] if payload["result"] == "OK" else ():
            if line.get("only_for") not in (None, payload["operator_id"]):
                continue
            made = common | line
            made["technical_pm"] = technical_pms.get(
                str(line["technical_pm"]).lower(), unknown
            )
            if batch := line.get("batch"):
                made["batch"] = batch | {"date": max(batch["date"], first)}
            lines.append(made)
        return lines or [common | {"technical_pm": unknown}]

    def _parts_for(self, payload):
        """Return the positions of the operator at the PM, and the plan."""
        if payload["result"] != "OK":
            return {}
        return {
            "POSITION": self._positions_of(payload["operator_id"]),
            PLAN: base64.b64decode(self.plan),
        }

    def _positions_of(self, operator_id):
        """Return the positions of the operator's own modules, in their order."""
        operator = self.env["oiconnect.operator"].browse(operator_id)
        modules = self.env["oiconnect.pm.module"].search(
            [("pm_id", "=", self.pm_id.id), ("operator_id", "=", operator.id)],
            order="name, id",
        )
        return [
            {
                "pm_reference": self.pm_id.reference,
                "technical_pm": (
                    module.technical_pm_id.reference
                    or self.pm_id.technical_reference
                    or None
                ),
                "operator_code": operator.interop_code,
                "module": module.name,
                "position": position.name,
                "cable": position.cable_id.reference or None,
                **payload_values(position, ("tube", "fibre")),
            }
            for module in modules
            for position in module.position_ids.sorted(lambda p: (p.sequence, p.id))
        ]
