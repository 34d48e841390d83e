from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import Source, paris_day

_lt = LazyTranslate(__name__)


class WorkflowStep(models.Model):
    """A visit that the customer missed: each time, as the visit is moved afterwards."""

    _inherit = "oiconnect.workflow.step"

    # The missed visits that the run looks at
    _missed_visit_idx = models.Index(
        "(res_id) WHERE res_model = 'oiconnect.appointment' AND event = 'miss'"
    )

    _billing_sources = (
        Source(
            "missed_visit",
            _lt("Missed appointment"),
            "oiconnect_workflow_step AS record"
            " JOIN oiconnect_appointment AS visit ON visit.id = record.res_id",
            begun={"happened": paris_day("record.date")},
            where="record.res_model = 'oiconnect.appointment'"
            " AND record.event = 'miss'",
            operator="visit.operator_id",
            network="visit.network_id",
            oc_reference="visit.oc_reference",
            service_reference="visit.reference",
            opens="oiconnect.appointment",
            opened_by="res_id",
            rank=42,
        ),
    )
