from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .import_error import PLACE

KIND = "delivery_error"
SHAPE = "pentagon"
# Marks of one answer; with more of them it has clusters.
MOST = 250
# Level of an error: its colour, of those that eyes blind to some colours tell apart
# (Okabe and Ito), and how its shape is filled
STYLES = {
    "1": ("#d55e00", "solid"),
    "2": ("#e69f00", "half"),
    "3": ("#cc79a7", "dotted"),
    "4": ("#56b4e9", "hollow"),
}


class Map(models.AbstractModel):
    """Errors of the deliveries that the filter names, for who may read imports.

    Many rows may be wrong at one place, all fibres of a cable for instance: the errors
    of one rule and one table at one place are one mark. Clusters and totals count the
    errors.
    """

    _inherit = "oiconnect.map"

    @api.model
    def _kind_models(self):
        return super()._kind_models() | {KIND: "oiconnect.import.error"}

    @api.model
    def _point_limits(self):
        return super()._point_limits() | {KIND: MOST}

    @api.model
    def _filter_names(self):
        return (*super()._filter_names(), "import_ids")

    @api.model
    def _kind_domain(self, kind, wanted):
        """An error has no network, PM or commune: the other filters do not hide it."""
        if kind != KIND:
            return super()._kind_domain(kind, wanted)
        return Domain("import_id", "in", wanted.import_ids)

    @api.model
    def _state_column(self, kind, query, wanted):
        if kind != KIND:
            return super()._state_column(kind, query, wanted)
        return SQL.identifier(query.table, "level")

    @api.model
    def _add_points(self, answer, kind, wanted):
        if kind != KIND:
            return super()._add_points(answer, kind, wanted)
        clusters = self._clusters(kind, wanted) if wanted.import_ids else []
        answer["totals"][kind] = sum(cluster[2] for cluster in clusters)
        marks = self._marks(wanted) if clusters else []
        if len(marks) > MOST:
            answer["clusters"] += clusters
        else:
            answer["points"][kind] = marks
        return None

    @api.model
    def _marks(self, wanted):
        """Return ``[id, latitude, longitude, level, label]``, one more than the most.

        The id is that of the first error of the mark.
        """
        query, alias, (latitude, longitude) = self._boxed_query(KIND, wanted)
        query.groupby = SQL(", ").join(SQL("%s.%s", alias, SQL(n)) for n in PLACE)
        query.limit = MOST + 1
        rows = self.env.execute_query(
            query.select(
                SQL("min(%s.id)", alias),
                SQL("round(%s::numeric, 6)::float8", latitude),
                SQL("round(%s::numeric, 6)::float8", longitude),
                SQL("min(%s.level)", alias),
                SQL("concat_ws(' – ', %s.code, %s.table_name)", alias, alias),
                SQL("count(*)"),
            )
        )
        # The worst ones last: they are drawn on top.
        return [
            [*mark, f"{label} ({count})" if count > 1 else label]
            for *mark, label, count in sorted(
                rows, key=lambda row: row[3] or "", reverse=True
            )
        ]

    # ------------------------------------------------------------------
    # How they are drawn and told
    # ------------------------------------------------------------------

    @api.model
    def _shapes(self):
        return super()._shapes() | {KIND: SHAPE}

    @api.model
    def _states(self, kind):
        if kind != KIND:
            return super()._states(kind)
        level = self.env["oiconnect.import.error"]._fields["level"]
        return [
            [key, label, STYLES[key][0], SHAPE, STYLES[key][1]]
            for key, label in level._description_selection(self.env)
            if key in STYLES
        ]

    @api.model
    @api.private
    def _card(self, model, record_id):
        card = super()._card(model, record_id)
        if card["kind"] != KIND:
            return card
        error = self.env[model].browse(record_id)
        label = self.env._("See the errors")
        return card | {
            "title": error._rule_title(),
            "state": error.level,
            "state_label": self._card_text(error, "level"),
            "action": {"name": "action_view_alike", "label": label},
        }

    @api.model
    def _card_fields(self, kind):
        return () if kind == KIND else super()._card_fields(kind)

    @api.model
    def _card_lines(self, record, names):
        if record._name != "oiconnect.import.error":
            return super()._card_lines(record, names)
        count = record.search_count(record._alike())
        lines = [
            [self.env._("Table"), record.table_name],
            [self.env._("Row"), record.line and str(record.line)],
            [self.env._("Column"), record.column],
            [self.env._("Value"), record.value],
            [self.env._("What to do"), record.message],
            [self.env._("Errors of this rule here"), str(count) if count > 1 else ""],
        ]
        return [[name, text] for name, text in lines if text]
