from odoo import api, fields, models

from ...strategies import DEFAULT_STRATEGY, STRATEGIES


class Network(models.Model):
    """What a network makes of its objects: saturation, choice of routes, rules."""

    _inherit = "oiconnect.network"

    saturation_low_percent = fields.Integer(
        "Nearly full below (%)",
        default=10,
        required=True,
        help="Nearly full when less than this share of the routes is free",
    )
    saturation_low_count = fields.Integer(
        "Nearly full from (routes)",
        default=1,
        required=True,
        help="Nearly full when at most this number of routes is free",
    )
    route_choice = fields.Selection(
        [(name, strategy.label) for name, strategy in STRATEGIES.items()],
        "Route to give",
        required=True,
        default=DEFAULT_STRATEGY,
        help="Which free route an order is given; a route dedicated to its operator "
        "always comes first",
    )
    socket_fibres = fields.Selection(
        [
            ("1", "One (mono-fibre)"),
            ("2", "Two (bi-fibre)"),
            ("4", "Four (quadri-fibre)"),
        ],
        "Fibres of a new socket",
        required=True,
        default="1",
        help="The operator that orders has one of them; the others are wired too and "
        "stay free for later orders on this socket",
    )
    scarce_fibres = fields.Selection(
        [
            ("accept", "Accept, with the fibres that are left"),
            ("refuse", "Refuse: the PBO is saturated"),
        ],
        "When the PBO has fewer",
        required=True,
        default="accept",
    )

    _saturation_thresholds = models.Constraint(
        "CHECK (saturation_low_percent BETWEEN 0 AND 100"
        " AND saturation_low_count >= 0)",
        "The thresholds of saturation are a percentage and a number of routes.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        networks = super().create(vals_list)
        self.env["oiconnect.rule"]._seed(networks)
        return networks

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_history(self):
        self.env["oiconnect.change"]._refuse_deletion(self, "network_id")
