from odoo import api, models

from ..charts import colour_of


class Statistics(models.AbstractModel):
    """Operators, each in its colour on every chart, whatever is filtered."""

    _inherit = "oiconnect.statistics"

    @api.model
    def _operators(self, found):
        """Return ``[{"id", "name", "colour"}]`` of the operators ``found``, by id."""
        everyone = self.env["oiconnect.operator"].sudo()
        everyone = everyone.with_context(active_test=False)
        ranks = {one: rank for rank, one in enumerate(everyone._search([], order="id"))}
        return [
            {
                "id": operator.id,
                "name": operator.display_name,
                "colour": colour_of(ranks[operator.id]),
            }
            for operator in everyone.browse(sorted(filter(None, found))).exists()
        ]
