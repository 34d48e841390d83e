from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Resource

from ...const import MAX_CONNECTORS
from ...rules import PTO
from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)


class Pto(models.Model):
    """Optical socket of a dwelling."""

    _name = "oiconnect.pto"
    _description = "PTO"
    _resource = Resource(
        "ptos",
        sorts=("reference",),
        operator_fields=("network_id", "reference", "state", "building_id"),
        operator_domain=lambda operator_id: Domain(
            "route_ids.operator_id", "=", operator_id
        ),
        line="id",
    )
    _created_text = _lt("Socket created")
    _inherit = [
        "oiconnect.known.key",
        "oiconnect.checked",
        "oiconnect.infra.mixin",
        "oiconnect.picked",
        "mail.thread",
    ]
    _order = "reference"
    _rec_name = "reference"
    _used_by_fields = ("route_ids", "drop_cable_ids")
    _same_network_fields = ("building_id", "pbo_id")
    _tracked_fields = (
        "reference",
        "state",
        "building_id",
        "pbo_id",
        "level_id",
        "door",
        "connector_count",
    )
    _rule_target = PTO
    _known_states = ("existing", "out_of_service")

    reference = fields.Char(size=30, required=True, index="trigram", copy=False)
    state = fields.Selection(
        [
            ("to_build", "To build"),
            ("existing", "Existing"),
            ("out_of_service", "Out of service"),
        ],
        required=True,
        default="to_build",
        tracking=True,
    )
    building_id = fields.Many2one(
        "oiconnect.building",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "PBO", ondelete="restrict", index="btree_not_null"
    )
    level_id = fields.Many2one(
        "oiconnect.building.level",
        domain="[('building_id', '=', building_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    door = fields.Char(size=25)
    connector_count = fields.Integer(
        "Connectors",
        default=MAX_CONNECTORS,
        aggregator=None,
        help="Optical routes that the socket can hold, 1 to 4",
    )
    route_ids = fields.One2many("oiconnect.route", "pto_id", "Routes")
    drop_cable_ids = fields.One2many("oiconnect.pbo.cable", "end_pto_id", "Drop cables")
    route_count = neighbour_count("Number of routes")

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A PTO with this reference exists on the network.",
    )
    # List filtered on a state; statistics, which read nothing else: select count(*)
    # where network_id in x and company_id in c and create_date >= d.
    _state_idx = models.Index("(state, network_id, company_id, create_date)")
    _connector_count_range = models.Constraint(
        f"CHECK (connector_count BETWEEN 1 AND {MAX_CONNECTORS})",
        "A PTO has 1 to 4 connectors.",
    )

    @api.onchange("level_id")
    def _onchange_level_id(self):
        if self.level_id.pbo_id:
            self.pbo_id = self.level_id.pbo_id

    def _unwire_unless_laid(self):
        """Unwire the free routes of PTOs that are neither held nor laid."""
        unlaid = self.filtered(lambda pto: pto.state == "to_build")
        held = unlaid.filtered(lambda pto: any(r.operator_id for r in pto.route_ids))
        routes = (unlaid - held).route_ids.sudo()
        routes.write({"pto_id": False, "connector_number": False})

    # ------------------------------------------------------------------
    # Creation by orders
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _make_to_build(self, ptos):
        """Make the PTOs of one network, and their history, in one statement.

        The values come from the network itself: there is nothing to check.

        :param ptos: dicts: ``reference``, ``building_id``, ``pbo_id``, ``level_id``
        :return: the PTOs, in their order
        """
        network = self.env["oiconnect.building"].browse(ptos[0]["building_id"])
        network = network.network_id
        self.env.cr.execute(
            SQL(
                """
                WITH made AS (
                    INSERT INTO oiconnect_pto (
                        reference, building_id, pbo_id, level_id, network_id,
                        company_id, state, connector_count,
                        create_uid, write_uid, create_date, write_date
                    )
                    SELECT given.*, %(network)s, %(company)s, 'to_build',
                        %(connectors)s, %(user)s, %(user)s, %(now)s, %(now)s
                    FROM unnest(
                        %(references)s::varchar[], %(buildings)s::int[],
                        %(pbos)s::int[], %(levels)s::int[]
                    ) AS given
                    RETURNING id, reference
                ), logged AS (
                    INSERT INTO oiconnect_change (
                        res_model, res_id, reference, kind, network_id, date, user_id,
                        reason
                    )
                    SELECT %(model)s, id, reference, 'create', %(network)s, %(now)s,
                        %(user)s, %(reason)s
                    FROM made
                )
                SELECT reference, id FROM made
                """,
                network=network.id,
                company=network.company_id.id,
                connectors=int(network.socket_fibres),
                user=self.env.uid,
                now=self.env.cr.now(),
                references=[pto["reference"] for pto in ptos],
                buildings=[pto["building_id"] for pto in ptos],
                pbos=[pto["pbo_id"] for pto in ptos],
                levels=[pto["level_id"] or None for pto in ptos],
                model=self._name,
                reason=self.env.context.get("oiconnect_reason"),
            )
        )
        ids = dict(self.env.cr.fetchall())
        self.env["oiconnect.building"].invalidate_model(["pto_ids"], flush=False)
        return self.browse([ids[pto["reference"]] for pto in ptos])
