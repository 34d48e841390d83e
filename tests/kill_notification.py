"""Notifications of tickets: each is sent once and in its order, whatever dies."""

from kill_place import Work
from kill_points import after, before
from odoo_process import environment

ACCOUNT, EVENT = "oiconnect.soap.account", "oiconnect.event"


class Notifications(Work):
    """Two tickets of an operator, each taken in charge, frozen and gone on with."""

    MOMENTS = {
        "the job begins": before(ACCOUNT, "_send_notifications"),
        "a message is chosen": after(ACCOUNT, "_next_notification"),
        "it is about to leave": before(ACCOUNT, "_make_call"),
        "the operator has it, and we do not know": after(ACCOUNT, "_make_call"),
        "its end is to be noted": before(EVENT, "_note_sent"),
        "its end is noted, and not committed": after(ACCOUNT, "_note_notification"),
        "its call is in the journal": after(ACCOUNT, "_log_call"),
        "the next one is to be chosen": before(ACCOUNT, "_next_notification", 2),
        "the operator has a later one": after(ACCOUNT, "_make_call", 3),
        "a later one is noted": after(ACCOUNT, "_note_notification"),
        "all are sent": before(ACCOUNT, "_next_notification_date"),
        "the job is over": after(ACCOUNT, "_next_notification_date"),
    }
    UNKNOWN = (
        "the operator has it, and we do not know",
        "its end is to be noted",
        "its end is noted, and not committed",
        "its call is in the journal",
        "the operator has a later one",
        "a later one is noted",
    )

    def __init__(self, found, place):
        super().__init__(found, place)
        self.account_id = place.account_id(found)
        with environment(found) as env:
            account = env[ACCOUNT].browse(self.account_id)
            tickets = [self._open(env, account) for _n in range(2)]
            for event, values in (
                ("start", {}),
                ("freeze", {"reason": "answer"}),
                ("thaw", {}),
            ):
                # What happens to one ticket stands between two messages of the other.
                for ticket in tickets:
                    ticket._fire(event, **values)
            self.references = [ticket.reference for ticket in tickets]
            self.sent = {
                ticket.reference: ticket.event_ids.sorted("id").ids
                for ticket in tickets
            }

    def _open(self, env, account):
        from odoo.addons.oiconnect_base.workflow import Origin

        return env["oiconnect.ticket"]._create_from(
            Origin("soap", version="3.0"),
            [
                {
                    "operator_id": account.operator_id.id,
                    "network_id": account.network_id.id,
                    "opened_by": "oc",
                    "oc_key": f"OC-{next(self.place.numbers):04d}",
                }
            ],
        )

    def run(self, found):
        for _n in range(20):
            with environment(found) as env:
                account = env[ACCOUNT].browse(self.account_id)
                account._send_notifications()
                if not account._oldest_notification():
                    return
        raise AssertionError("the messages have no end")

    def assert_done(self):
        heard = self.place.oc.notifications
        for reference, versions in self.sent.items():
            found = [one.version for one in heard if one.ticket == reference]
            assert found == versions
        # Those with an unknown end were sent again, and recognized by their number.
        repeated = [
            one for one in self.place.oc.repeated if one.ticket in self.references
        ]
        assert len(repeated) == self.doubtful_count
        ids = [event_id for versions in self.sent.values() for event_id in versions]
        with environment(self.found) as env:
            events = env[EVENT].browse(ids)
            assert set(events.mapped("state")) == {"done"}
