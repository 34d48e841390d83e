from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_list

from odoo.addons.oiconnect_base.time_zone import local_today

from ...rules.paths import ABANDONED, following

#: an abandoned object is published so long
SHOWN = relativedelta(months=3)


class StatePath(models.AbstractModel):
    """Object with a path of states; it leaves the publication when abandoned.

    Users stay on the path. A manager may leave it, and says why: the reason stays in
    the history. Files are the truth: they move objects as they wish.
    """

    _name = "oiconnect.state.path"
    _description = "Object whose state follows a path"

    # Who may leave the path, and change what is fixed once set
    _path_manager_group = "oiconnect_base.group_infra_manager"
    # Fields that do not change any more once they are set
    _fixed_once_set = ()

    abandoned_date = fields.Date(
        "Abandoned on", copy=False, help="Published for three months from there"
    )
    published = fields.Boolean(
        compute="_compute_published",
        search="_search_published",
        help="Told to operators: an abandoned object still is for three months",
    )
    next_states = fields.Char(compute="_compute_next_states")
    state_warning = fields.Char(compute="_compute_state_warning")
    # Given with a change of state, stored in the history only
    state_reason = fields.Char("Reason of the change", store=False, copy=False)

    # ------------------------------------------------------------------
    # Publication
    # ------------------------------------------------------------------

    @api.depends("state", "abandoned_date", "last_change_date")
    def _compute_published(self):
        limit = local_today() - SHOWN
        for record in self:
            since = record.abandoned_date or record.last_change_date
            record.published = record.state != ABANDONED or not since or since >= limit

    def _search_published(self, operator, value):
        if operator != "in":
            return NotImplemented
        limit = local_today() - SHOWN
        gone = Domain("state", "=", ABANDONED) & (
            Domain("abandoned_date", "<", limit)
            | Domain("abandoned_date", "=", False)
            & Domain("last_change_date", "<", limit)
        )
        return Domain.OR([~gone if wanted else gone for wanted in value])

    # ------------------------------------------------------------------
    # Path
    # ------------------------------------------------------------------

    def _path(self):
        """Hook: return ``{state: states that follow}`` of this object."""
        raise NotImplementedError

    @api.depends("state")
    def _compute_next_states(self):
        for record in self:
            states = following(record._path(), record.state)
            record.next_states = f";{';'.join(states)};"

    @api.depends("state", "state_reason")
    def _compute_state_warning(self):
        for record in self:
            before = record._origin
            record.state_warning = bool(before) and record._departure(
                before.state, record.state, record._path()
            )

    def _departure(self, before, after, path):
        """Return the message about a move off the path, or nothing."""
        if not before or after == before or after in following(path, before):
            return False
        return self.env._(
            "%(record)s does not go from “%(before)s” to “%(after)s”: from there it "
            "goes to %(next)s.",
            record=self.display_name,
            before=self._state_label(before),
            after=self._state_label(after),
            next=self._state_labels(following(path, before)),
        )

    @api.model
    def _state_label(self, state):
        field = self._fields["state"]
        return dict(field._description_selection(self.env)).get(state, state)

    @api.model
    def _state_labels(self, states):
        if not states:
            return self.env._("nowhere")
        return format_list(self.env, map(self._state_label, states), "or")

    def action_move(self):
        """Go to the state named in the context."""
        self.write({"state": self.env.context["to_state"]})

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_abandoned_date(vals) for vals in vals_list])

    def write(self, vals):
        vals = dict(vals)
        reason = (vals.pop("state_reason", None) or "").strip()
        if vals.keys().isdisjoint({"state", *self._fixed_once_set}):
            return super().write(vals)
        if not self.env.su:
            self._check_changes(vals, reason)
        records = self.with_context(oiconnect_reason=reason) if reason else self
        return super(StatePath, records).write(self._with_abandoned_date(vals))

    @api.model
    def _with_abandoned_date(self, vals):
        if "abandoned_date" in vals or "state" not in vals:
            return vals
        abandoned = vals["state"] == ABANDONED
        today = local_today()
        return vals | {"abandoned_date": abandoned and today}

    def _check_changes(self, vals, reason):
        """Refuse what leaves the path, unless a manager says why."""
        departures = [text for record in self for text in record._departures(vals)]
        if not departures:
            return
        problems = "\n".join(departures[:5])
        if not self.env.user.has_group(self._path_manager_group):
            raise UserError(
                self.env._(
                    "%s\nAsk an administrator if it must be corrected.", problems
                )
            )
        if not reason:
            raise UserError(
                self.env._(
                    "%s\nYou may do it as an administrator: give the “Reason of the "
                    "change” in the form, it stays in the history.",
                    problems,
                )
            )

    def _departures(self, vals):
        """Return what ``vals`` changes against the path, in words."""
        moves = []
        if "state" in vals:
            path = self._path_after(vals)
            moves.append(self._departure(self.state, vals["state"], path))
        moves += [
            self._change_of_fixed(name, vals[name])
            for name in self._fixed_once_set
            if name in vals
        ]
        return [text for text in moves if text]

    def _path_after(self, vals):
        """Hook: return the path of this object once ``vals`` are written."""
        return self._path()

    def _change_of_fixed(self, name, value):
        if not self[name] or self[name] == fields.Date.to_date(value):
            return False
        return self.env._(
            "“%(field)s” of %(record)s does not change any more once it is set.",
            field=self._fields[name]._description_string(self.env),
            record=self.display_name,
        )


class Abandonable(models.AbstractModel):
    """Object that may be abandoned, with a warning in its form."""

    _name = "oiconnect.abandonable"
    _description = "Object that may be abandoned"

    @api.onchange("state")
    def _onchange_state_abandoned(self):
        if self.state != "abandoned" or self._origin.state == "abandoned":
            return None
        return {
            "warning": {
                "title": self.env._("Abandon %s?", self.display_name),
                "message": self.env._(
                    "Operators are told that it is abandoned: it takes no order any "
                    "more, and leaves the published files after three months. "
                    "Discard the change if this is not what you want."
                ),
            }
        }
