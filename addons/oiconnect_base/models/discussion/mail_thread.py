from odoo import SUPERUSER_ID, models
from odoo.exceptions import AccessError
from odoo.tools.mail import email_normalize_all

from ...discussion import (
    OPERATOR_SUBTYPE,
    as_posted,
    is_ours,
    is_to_operator,
    without_marks,
)

# What a person says of a message by RPC, and that is ours to say
_OURS_TO_SAY = (
    "author_guest_id",
    "create_date",
    "date",
    "incoming_email_cc",
    "incoming_email_to",
    "is_internal",
    "message_id",
    "notification_ids",
    "record_alias_domain_id",
    "record_company_id",
    "reply_to",
    "reply_to_force_new",
    "tracking_value_ids",
)
_TYPES_OF_PEOPLE = ("comment", "notification")


class MailThread(models.AbstractModel):
    """Discussion of one of our records: internal users only, each in its own name."""

    _inherit = "mail.thread"

    # ------------------------------------------------------------------
    # Followers
    # ------------------------------------------------------------------

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        # What is subscribed by itself is filtered: a task of somebody who left.
        if is_ours(self._name) and partner_ids and not self.env.su:
            self.env["res.partner"].browse(partner_ids)._check_insiders()
        return super().message_subscribe(partner_ids, subtype_ids)

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """A user field that names another user subscribes and notifies no one."""
        found = super()._message_auto_subscribe_followers(
            updated_values, default_subtype_ids
        )
        if not is_ours(self._name):
            return found
        partners = self.env["res.partner"].browse(one[0] for one in found)
        outsiders = partners._outsiders().ids
        return [one for one in found if one[0] not in outsiders]

    # ------------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------------

    def message_post(self, **values):
        if is_ours(self._name):
            values = self._own_words(values)
        return super().message_post(**values)

    def message_notify(self, **values):
        if is_ours(self._name if self else values.get("model")):
            values = self._own_words(values)
        return super().message_notify(**values)

    def _own_words(self, values):
        """Return the values of a message as its sender may give them.

        :raises AccessError: it goes to somebody who is no internal user
        """
        values = dict(values)
        if self.env.uid == SUPERUSER_ID:
            if values.get("message_type") == "email":
                # Anybody writes any sender on a mail: it names none of our people.
                values["author_id"] = False
            return values
        if not is_to_operator(self.env):
            partners = self.env["res.partner"].browse(values.get("partner_ids") or ())
            partners._check_insiders(values.get("outgoing_email_to"))
        if values.get("message_type", "notification") not in _TYPES_OF_PEOPLE:
            values["message_type"] = "comment"
        return values if self.env.su else self._without_forgery(values)

    def _without_forgery(self, values):
        """Return the values that a person may give: who and when is ours to say."""
        own = {
            name: given for name, given in values.items() if name not in _OURS_TO_SAY
        }
        sender = self.env.user.partner_id
        return own | {"author_id": sender.id, "email_from": sender.email_formatted}

    def _message_create(self, values_list):
        """Create messages that went through the chatter: the one way to ours."""
        ours = any(is_ours(values.get("model")) for values in values_list)
        if not ours:
            return super()._message_create(values_list)
        if not is_to_operator(self.env):
            values_list = [self._to_insiders(values) for values in values_list]
        return without_marks(
            super(MailThread, as_posted(self))._message_create(values_list)
        )

    def _to_insiders(self, values):
        """Leave out who is no internal user: what is posted by itself names them."""
        operator = self.env["ir.model.data"]._xmlid_to_res_id(OPERATOR_SUBTYPE)
        if operator and values.get("subtype_id") == operator:
            raise AccessError(
                self.env._("Use “Write to the operator” to write to an operator.")
            )
        partners = self.env["res.partner"].browse(values.get("partner_ids") or ())
        addresses = values.get("outgoing_email_to")
        outside = partners._outside_addresses(addresses)
        inside = set(email_normalize_all(addresses or "")) - outside
        return values | {
            "partner_ids": (partners - partners._outsiders()).ids,
            "outgoing_email_to": ", ".join(sorted(inside)) or False,
        }

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Tell internal users only, whatever leads to the others."""
        found = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        model = (msg_vals or {}).get("model") or message.sudo().model
        if not is_ours(self._name if self else model):
            return found
        return self._insiders_of(found, "id")

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        found = super()._message_get_suggested_recipients_batch(*args, **kwargs)
        if not is_ours(self._name):
            return found
        return {number: self._insiders_of(rows) for number, rows in found.items()}

    def _insiders_of(self, rows, key="partner_id"):
        """Return those of the rows that tell of internal users."""
        partners = self.env["res.partner"].browse(row[key] for row in rows if row[key])
        inside = set((partners - partners._outsiders()).ids)
        return [row for row in rows if row[key] in inside]

    def message_change_thread(self, new_thread, new_parent_message=False):
        """Move the messages elsewhere: ours stay where they were written."""
        if is_ours(self._name) and not self.env.su:
            self.env["mail.message"]._refuse_change()
        return super().message_change_thread(new_thread, new_parent_message)

    def _message_route_process(self, message, message_dict, routes):
        """Take mails for our records from our own mail servers only.

        Whoever calls ``message_process`` by RPC gives the whole mail, its sender too.
        """
        if any(is_ours(route[0]) for route in routes or ()):
            if not self.env.su:
                raise AccessError(self.env._("Mails come by the mail servers only."))
            named = self.env["res.partner"].browse(message_dict.get("partner_ids"))
            message_dict["partner_ids"] = (named - named._outsiders()).ids
        return super()._message_route_process(message, message_dict, routes)
