from odoo import api, models
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.models.map.kinds import Kind

from .import_error import PLACE

KIND = "delivery_error"
ERRORS = Kind(
    "oiconnect.import.error",
    shape="pentagon",
    limit=250,
    filter="import_ids",
    state="level",
    # Colours that eyes blind to some colours tell apart (Okabe and Ito)
    styles={
        "1": ("#d55e00", "solid"),
        "2": ("#e69f00", "half"),
        "3": ("#cc79a7", "dotted"),
        "4": ("#56b4e9", "hollow"),
    },
)


class Map(models.AbstractModel):
    """Errors of the deliveries that the filter names, for who may read imports.

    Many rows may be wrong at one place, all fibres of a cable for instance: the errors
    of one rule and one table at one place are one mark. Clusters and totals count the
    errors.
    """

    _inherit = "oiconnect.map"

    @api.model
    def _kinds(self):
        return super()._kinds() | {KIND: ERRORS}

    @api.model
    def _add_points(self, answer, kind, wanted):
        if kind != KIND:
            return super()._add_points(answer, kind, wanted)
        clusters = self._clusters(kind, wanted)
        answer["totals"][kind] = sum(cluster[2] for cluster in clusters)
        marks = self._marks(wanted) if clusters else []
        if len(marks) > ERRORS.limit:
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
        query.limit = ERRORS.limit + 1
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
            "action": {"name": "action_view_alike", "label": label},
        }

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
