from odoo import api, models

from odoo.addons.oiconnect_base.home import Block

from .statistics import GROUP


class Home(models.AbstractModel):
    """The manager's figures with their trends, and the charts that a user puts here."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        return [
            *super()._blocks(),
            *self._declared(self._figures_block, self._charts_block),
        ]

    @api.model
    def _figures_block(self):
        if not self.env.user.has_group(GROUP):
            return None
        return Block(
            "figures",
            self.env._("Figures of the last 30 days"),
            5,
            (),
            kind="statistics_figures",
            link=(
                self.env._("Open the statistics"),
                "oiconnect_statistics.statistics_orders_action",
            ),
            is_drawn_apart=True,
        )

    @api.model
    def _charts_block(self):
        statistics = self.env["oiconnect.statistics"]
        pinned = statistics._pinned()
        if not pinned or not self.env.user.has_group(GROUP):
            return None
        charts = [
            {
                "page": one["page"],
                "key": one["chart"],
                "title": statistics._title(one["page"], one["chart"]),
            }
            for one in pinned
        ]
        return Block(
            "charts",
            self.env._("My charts"),
            90,
            (),
            kind="statistics_charts",
            more=lambda _counts: {"charts": charts},
            is_drawn_apart=True,
        )
