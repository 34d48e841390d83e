from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

# Number of the records of a relation: ``pbo_count`` of ``pbo_ids``
neighbour_count = partial(fields.Integer, compute="_compute_neighbour_counts")


class Neighbours(models.AbstractModel):
    """Smart buttons to neighbours, and no deletion while they need the object."""

    _name = "oiconnect.neighbours"
    _description = "Object with neighbours"

    # One2many fields whose records forbid to delete the object
    _used_by_fields = ()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        used = {}
        for relation in self._used_by_fields:
            for record, count in self.sudo()._count_neighbours(relation).items():
                used.setdefault(record, []).append((relation, count))
        for record, users in used.items():
            raise UserError(
                self.env._(
                    "%(record)s cannot be deleted, it is used by %(users)s: "
                    "move or delete them first.",
                    record=record.display_name,
                    users="; ".join(record._user_names(*user) for user in users),
                )
            )

    def _user_names(self, relation, count):
        """Return the number of records of ``relation``, with some names."""
        field = self._fields[relation]
        label = field._description_string(self.env)
        users = self.env[field.comodel_name].sudo()
        first = users.search([(self._inverse_name(relation), "in", self.ids)], limit=3)
        names = ", ".join(first.mapped("display_name"))
        return f"{count} {label} ({names}{', …' if count > 3 else ''})"

    @api.model
    def _neighbour_counts(self):
        """Return ``{integer field: relational field whose records it counts}``."""
        return {
            name: f"{name.removesuffix('_count')}_ids"
            for name, field in self._fields.items()
            if field.compute == "_compute_neighbour_counts"
        }

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_neighbour_counts(self):
        for name, relation in self._neighbour_counts().items():
            counts = self._count_neighbours(relation)
            for record in self:
                record[name] = counts.get(record._origin, 0)

    def _count_neighbours(self, relation):
        """Return ``{record: number}``; nothing of what the user may not read."""
        neighbours = self.env[self._fields[relation].comodel_name]
        if not neighbours.has_access("read"):
            return {}
        inverse = self._inverse_name(relation)
        domain = [(inverse, "in", self._origin.ids)]
        return dict(neighbours._read_group(domain, [inverse], ["__count"]))

    def _inverse_name(self, relation):
        return self.pool.field_inverses[self._fields[relation]][0].name

    def action_view_neighbours(self):
        """Open the list of the records of the field named in the context."""
        self.ensure_one()
        relation = self.env.context["neighbours"]
        model = self._fields[relation].comodel_name
        xmlid = model.removeprefix("oiconnect.").replace(".", "_")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"{self.env[model]._original_module}.{xmlid}_action"
        )
        inverse = self._inverse_name(relation)
        value = [self.id] if self._fields[relation].type == "many2many" else self.id
        return action | {
            "domain": [(inverse, "in", self.ids)],
            "context": {f"default_{inverse}": value},
        }
