from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list


class KnownKey(models.AbstractModel):
    """Object whose reference operators use; only an action changes it.

    The action tells what follows. Files of our own systems rename objects as they wish.
    """

    _name = "oiconnect.known.key"
    _description = "Object whose reference operators know"

    _known_key = "reference"
    # States from which operators know the object
    _known_states = ()

    key_is_known = fields.Boolean(compute="_compute_key_is_known")

    def _compute_key_is_known(self):
        known = self._origin._with_known_key()
        for record in self:
            record.key_is_known = record._origin in known

    def _with_known_key(self):
        """Return the records whose reference was published to operators."""
        held = dict(self._held_routes(["__count"]))
        return self.filtered(
            lambda record: (
                record in held
                or (self._known_states and record.sudo().state in self._known_states)
            )
        )

    def _held_routes(self, aggregates):
        """Return the rows (record, …) of the routes that operators hold there."""
        inverse = self._inverse_name("route_ids")
        domain = [(inverse, "in", self.ids), ("operator_id", "!=", False)]
        routes = self.env["oiconnect.route"].sudo()
        rows = routes._read_group(domain, [inverse], aggregates)
        return [(self.browse(record.id), *values) for record, *values in rows]

    @api.model
    def _published_ids(self, network_id):
        """Hook: return the query of the ids of a network that operators have a line of.

        None where no file tells such objects.
        """
        return None

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def write(self, vals):
        if self._known_key in vals and not self.env.su:
            self._refuse_known_key(vals[self._known_key])
        return super().write(vals)

    def _refuse_known_key(self, key):
        changed = self.filtered(lambda record: record[self._known_key] != key)
        for record in changed._with_known_key()[:1]:
            self.check_access("write")
            raise UserError(
                self.env._(
                    "Operators know %s by this reference: open it and use the action "
                    "“Change the reference”, which tells what follows.",
                    record.display_name,
                )
            )

    def _change_key(self, key, reason):
        """Give the record another reference, as the action does."""
        self.ensure_one()
        self.check_access("write")
        record = self.sudo().with_context(oiconnect_reason=reason)
        record.write({self._known_key: key})
        record._refuse_forms({self._known_key})

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------

    def _key_change_effects(self):
        """Return the sentences that say what follows from another reference."""
        self.ensure_one()
        effects = []
        for _record, count, operators in self._held_routes(
            ["__count", "operator_id:recordset"]
        ):
            names = format_list(self.env, operators.sorted("name").mapped("name"))
            effects += [
                self.env._(
                    "Optical routes that an operator holds: %s. They stay as they are, "
                    "under the new reference.",
                    count,
                ),
                self.env._(
                    "Operators that know the former reference: %s. Tell them.", names
                ),
            ]
        return effects

    def action_change_key(self):
        """Open the action that tells what follows, then gives another reference."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the reference"),
            "res_model": "oiconnect.key.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }
