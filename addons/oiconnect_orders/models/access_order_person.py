from odoo import fields, models

from ..personal import CUSTOMER_GROUPS


class AccessOrder(models.Model):
    """An order whose study found a reason that a person must look at."""

    _inherit = "oiconnect.access.order"

    proposed_reason_id = fields.Many2one(
        "oiconnect.reason",
        "Proposed reason",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="What the study found: the order waits for a person to decide",
    )
    proposed_comment = fields.Char(
        "Why it is proposed", readonly=True, copy=False, groups=CUSTOMER_GROUPS
    )

    # Orders that wait for a person: in the work list, and left out by the study.
    _proposed_idx = models.Index(
        "(network_id, id) WHERE proposed_reason_id IS NOT NULL"
    )
