from odoo import fields, models

from ..strategies import DEFAULT_STRATEGY, STRATEGIES


class Network(models.Model):
    """How a network chooses routes, and how many fibres it lays to a socket."""

    _inherit = "oiconnect.network"

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
