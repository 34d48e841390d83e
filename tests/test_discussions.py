"""Discussions of all our records: of internal users, in their own names, for ever.

All models that have one are walked, in the demo: who adds one adds it here, too.
"""

from unittest.mock import patch

import conftest
import curious
import discussions
import pytest
from odoo_process import registry
from oictools import database

pytestmark = pytest.mark.slow
OUTSIDE = "dehors@operateur.example"


@pytest.fixture(scope="module")
def found():
    name = conftest.copy_of("demo")
    with registry(name) as found:
        yield found
    database.drop(name)


@pytest.fixture
def env(found):
    """A person with all our rights and those of administrators, yet no superuser."""
    from odoo import SUPERUSER_ID, api
    from odoo.tools import mute_logger

    # What Odoo sends it commits, except in tests.
    testing = patch("odoo.modules.module.current_test", True)
    with found.cursor() as cr, mute_logger(*discussions.QUIET), testing:
        root = api.Environment(cr, SUPERUSER_ID, {})
        groups = curious.rights(root, "_manager") | root.ref("base.group_system")
        companies = root["res.company"].search([])
        user = curious.make_user(
            root,
            "peut_tout",
            groups,
            email="peut.tout@example.com",
            company_ids=companies.ids,
        )
        context = {"allowed_company_ids": companies.ids, "no_reset_password": True}
        yield api.Environment(cr, user.id, context)
        cr.rollback()
    found.clear_all_caches()


@pytest.fixture
def outsider(env):
    """A person of an operator, in its space."""
    operator = env.ref("oiconnect_demo.operator_ocaa").sudo()
    partner = (
        env["res.partner"]
        .sudo()
        .create(
            {"name": "Dehors", "email": OUTSIDE, "parent_id": operator.partner_id.id}
        )
    )
    env["res.users"].sudo().create(
        {
            "partner_id": partner.id,
            "login": OUTSIDE,
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
    return partner.with_env(env)


def records(env):
    """Return a record of each model that has discussions, of the demo or made here."""
    root = env(su=True)
    found = []
    for name in discussions.threads(env):
        record = root[name].search([], limit=1) or discussions.make(root, name)
        found.append(record.with_env(env))
    return found


def attempt(env, road, *given):
    """Go a road to its end, as a transaction would; being refused is well."""
    try:
        with env.cr.savepoint():
            road(*given)
            env.flush_all()
    except Exception as error:  # noqa: BLE001 - refused, whatever the way
        env.clear()
        return error
    env.clear()
    return None


def reached(record, outsider):
    """Return how somebody from outside is in the discussion of a record, if at all."""
    record, outsider = record.sudo(), outsider.sudo()
    env, place = record.env, [("model", "=", record._name), ("res_id", "=", record.id)]
    messages = env["mail.message"].search(place)
    mails = env["mail.mail"].search(place)
    people = messages.notification_ids.res_partner_id | mails.recipient_ids
    addresses = [*messages.mapped("outgoing_email_to"), *mails.mapped("email_to")]
    addresses += messages.notification_ids.mapped("mail_email_address")
    activities = env["mail.activity"].search(
        [("res_model", "=", record._name), ("res_id", "=", record.id)]
    )
    read = env["mail.message"].with_user(outsider.user_ids).search(place)
    ways = {
        "follows": outsider in record.message_partner_ids,
        "is a recipient": outsider in messages.partner_ids,
        "is notified": outsider in people,
        "gets mails": any(OUTSIDE in (address or "") for address in addresses),
        "has a task": outsider.user_ids in activities.user_id,
        "reads": bool(read),
    }
    return [way for way, is_so in ways.items() if is_so]


def test_all_models_are_ours_by_name(env):
    from odoo.addons.oiconnect_base.discussion import is_ours

    names = discussions.threads(env)
    assert len(names) > 30
    assert [name for name in names if not is_ours(name)] == []


def test_no_outsider_gets_into_a_discussion_by_any_road(env, outsider):
    found = []
    for record in records(env):
        for road in discussions.IN:
            try:
                with env.cr.savepoint():
                    error = attempt(env, road, record, outsider)
                    ways = reached(record, outsider)
                    if ways or is_broken(error):
                        found.append(f"{record} {road.__name__}: {ways} {error!r}")
                    raise Undone
            except Undone:
                env.clear()
    assert not found, "\n".join(found)


def test_messages_of_every_subtype_reach_internal_users_only(env, outsider):
    """Also where somebody is in already, as before these rules."""
    found = []
    for record in records(env):
        insert_follower(record, outsider)
        for subtype in discussions.subtypes(env, record._name):
            attempt(env, post, record, subtype)
        insert_recipient(record, outsider)
        env.clear()
        ways = set(reached(record, outsider))
        if ways != {"follows", "is a recipient", "is notified"}:
            found.append(f"{record}: {ways}")
        mails = env["mail.mail"].sudo().search([("recipient_ids", "in", outsider.ids)])
        if mails:
            found.append(f"{record}: {mails}")
    assert not found, "\n".join(found)


def post(record, subtype):
    # As the page of the web client does
    record.sudo().message_post(
        body="Entre nous", message_type="comment", subtype_id=subtype.id
    )


def insert_follower(record, outsider):
    """Insert a follower, as the former version allowed."""
    record.env.cr.execute(
        """
        WITH added AS (
            INSERT INTO mail_followers (res_model, res_id, partner_id)
            VALUES (%s, %s, %s) RETURNING id)
        INSERT INTO mail_followers_mail_message_subtype_rel
               (mail_followers_id, mail_message_subtype_id)
        SELECT added.id, subtype.id FROM added, mail_message_subtype subtype
        """,
        [record._name, record.id, outsider.id],
    )


def insert_recipient(record, outsider):
    env = record.env
    env.flush_all()
    message = record.sudo().message_ids[0].id
    env.cr.execute(
        "INSERT INTO mail_message_res_partner_rel VALUES (%s, %s)",
        [message, outsider.id],
    )
    env.cr.execute(
        "INSERT INTO mail_notification (mail_message_id, res_partner_id,"
        " notification_type, notification_status)"
        " VALUES (%s, %s, 'inbox', 'sent')",
        [message, outsider.id],
    )


def test_a_message_has_the_name_of_who_writes_it(env):
    other = another(env)
    found = []
    for record in records(env):
        for road in discussions.AS:
            try:
                with env.cr.savepoint():
                    error = attempt(env, road, record, other)
                    wrong = forged(record, other)
                    if wrong or is_broken(error):
                        found.append(f"{record} {road.__name__}: {wrong} {error!r}")
                    raise Undone
            except Undone:
                env.clear()
    assert not found, "\n".join(found)


def another(env):
    other = env.ref("base.user_admin").sudo().partner_id
    other.email = "autre@example.com"
    return other.with_env(env)


def forged(record, other):
    """Return the messages of this test that are not what its writer may say."""
    messages = (
        record.env["mail.message"]
        .sudo()
        .search(
            [
                ("model", "=", record._name),
                ("res_id", "=", record.id),
                ("body", "like", "Faux"),
            ]
        )
    )
    own = record.env.user.partner_id
    return [
        message
        for message in messages
        if message.author_id != own
        or other.email in (message.email_from or "")
        or other.email in (message.reply_to or "")
        or message.date.year < 2020
        or message.tracking_value_ids
    ]


def test_what_was_written_stays(env):
    found = []
    for record in records(env):
        message = written(record)
        file = message.attachment_ids.sudo(False)
        before = content(message)
        for road in discussions.CHANGES:
            try:
                with env.cr.savepoint():
                    error = attempt(env, road, message, file)
                    if content(message) != before or is_broken(error):
                        found.append(f"{record} {road.__name__}: {error!r}")
                    raise Undone
            except Undone:
                env.clear()
    assert not found, "\n".join(found)


def written(record):
    """Return a message that its author wrote six minutes ago, with a file."""
    message = record.sudo().message_post(
        body="Ce qui est dit",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        attachments=[("fichier.txt", b"Ce qui est joint")],
    )
    record.env.flush_all()
    record.env.cr.execute(
        "UPDATE mail_message SET create_date = create_date - interval '6 minutes'"
        " WHERE id = %s",
        [message.id],
    )
    record.env.clear()
    return message.with_env(record.env)


def content(message):
    message = message.sudo().exists()
    file = message.attachment_ids
    return (
        message.read(
            ["body", "author_id", "date", "subtype_id", "is_internal", "res_id"]
        ),
        message.subtype_id.name,
        message.tracking_value_ids.ids,
        file.read(["name", "raw", "res_model", "res_id", "access_token"]),
    )


# Stopped there too: who reads no contact follows none, and subtypes are shared by all.
STOPPED = {
    "IN": {"subscribe_oneself"},
    "AS": {"create_without_place"},
    "CHANGES": {"erase_subtype", "write_subtype"},
}


def test_each_road_leads_there_where_nothing_of_ours_stops_it(env, outsider):
    """On a contact, which has Odoo's rules: what stops nothing would show nothing."""
    contact = env["res.partner"].create({"name": "Essai"})
    other, open_roads = another(env), {"IN": set(), "AS": set(), "CHANGES": set()}
    message = written(contact)
    file, before = message.attachment_ids.sudo(False), content(message)
    ways = {
        "IN": ((contact, outsider), lambda: reached(contact, outsider)),
        "AS": ((contact, other), lambda: forged(contact, other)),
        "CHANGES": ((message, file), lambda: content(message) != before),
    }
    errors = {}
    for kind, (given, is_open) in ways.items():
        for road in getattr(discussions, kind):
            try:
                with env.cr.savepoint():
                    errors[road.__name__] = attempt(env, road, *given)
                    if is_open():
                        open_roads[kind].add(road.__name__)
                    raise Undone
            except Undone:
                env.clear()
    closed = {
        kind: {road.__name__ for road in getattr(discussions, kind)} - names
        for kind, names in open_roads.items()
    }
    known = {name: errors[name] for names in closed.values() for name in names}
    assert closed == STOPPED, known


class Undone(Exception):
    """Takes back what a road did."""


def is_broken(error):
    """Return whether a road ended by a fault of its own rather than of the rules."""
    from odoo.exceptions import UserError

    return bool(error) and not isinstance(error, (UserError, ValueError))
