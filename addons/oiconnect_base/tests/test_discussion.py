import base64
import json
import re
from datetime import timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import file_open, mute_logger

from ..discussion import OPERATOR_SUBTYPE, to_operator

RIGHTS = "base.group_user,base.group_system,oiconnect_base.group_lexicon_manager"
PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4"
    "2mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
QUIET = mute_logger("odoo.http", "odoo.models.unlink", "odoo.addons.mail.models")


class DiscussionCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author, cls.other = (
            new_test_user(cls.env, login, RIGHTS, email=f"{login}@example.com")
            for login in ("redige", "collegue")
        )
        cls.operator = cls.env["oiconnect.operator"].create(
            {"name": "OC", "interop_code": "OCD1", "arcep_code": "OCD1"}
        )

    def _post(self, body="Ce qui est dit", files=(), user=None):
        record = self.operator.with_user(user or self.author)
        return record.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[(name, b"Joint") for name in files],
        )

    def _age(self, message, minutes):
        moment = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = %s WHERE id = %s",
            [moment, message.id],
        )
        self.env.invalidate_all()

    def _notes(self):
        return self.operator.message_ids.filtered(
            lambda one: one.message_type == "notification"
        )


@tagged("post_install", "-at_install")
class TestDiscussionPages(DiscussionCase, HttpCase):
    """Addresses that the web client calls."""

    def _call(self, path, user=None, **params):
        login = (user or self.author).login
        self.authenticate(login, login)
        with QUIET:
            answer = self.url_open(
                path,
                data=json.dumps({"params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
        self.env.invalidate_all()
        return answer

    def _update(self, message, user=None, **data):
        given = {"body": "", "attachment_ids": [], **data}
        path = "/mail/message/update_content"
        return self._call(path, user, message_id=message.id, update_data=given)

    def test_the_author_changes_a_message_for_five_minutes_and_that_is_noted(self):
        message = self._post("Une fibre coupée")
        answer = self._update(message, body="Une fibre <b>saine</b>")
        self.assertNotIn("error", answer)
        self.assertIn("saine", message.body)
        note = self._notes()[0]
        self.assertIn("Une fibre coupée", note.body)
        self.assertIn("modifié par son auteur", note.body)
        self.assertEqual(note.author_id, self.author.partner_id)
        self.assertTrue(note.is_internal)

    def test_no_user_changes_the_trace(self):
        self._update(self._post("Une fibre coupée"), body="Rien")
        note = self._notes()[0]
        for user in (self.author, self.other):
            self.assertIn("error", self._update(note, user, body="Rien"))
        self.assertIn("Une fibre coupée", note.body)

    def test_an_erased_message_is_preserved_with_its_files(self):
        message = self._post("Une fibre coupée", files=("photo.txt",))
        file = message.attachment_ids
        self.assertNotIn("error", self._update(message))
        self.assertTrue(message._is_empty())
        note = self._notes()[0]
        self.assertIn("supprimé par son auteur", note.body)
        self.assertIn("Une fibre coupée", note.body)
        self.assertEqual(note.attachment_ids, file)
        self.assertEqual(file.raw, b"Joint")

    def test_a_file_that_its_author_removes_is_preserved(self):
        message = self._post(files=("un.txt", "deux.txt"))
        file = message.attachment_ids[0]
        path = "/mail/attachment/delete"
        self.assertNotIn("error", self._call(path, attachment_id=file.id))
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertEqual(self._notes()[0].attachment_ids, file)
        self._age(message, 6)
        rest = message.attachment_ids
        self.assertIn("error", self._call(path, attachment_id=rest.id))
        self.assertIn("error", self._call(path, self.other, attachment_id=rest.id))
        self.assertEqual(message.attachment_ids, rest)

    def test_after_five_minutes_nothing_changes(self):
        message = self._post("Une fibre coupée")
        self._age(message, 6)
        self.assertIn("error", self._update(message, body="Rien"))
        self.assertIn("error", self._update(message))
        self.assertIn("coupée", message.body)

    def test_an_administrator_changes_no_message_of_another(self):
        message = self._post("Une fibre coupée")
        admin = self.env.ref("base.user_admin")
        admin.password = admin.login
        for user in (self.other, admin):
            self.assertIn("error", self._update(message, user, body="Rien"))
        self.assertIn("coupée", message.body)

    def test_what_is_posted_by_the_page_has_the_name_of_its_caller(self):
        place = {"thread_model": self.operator._name, "thread_id": self.operator.id}
        for kind in ("comment", "email", "notification", "auto_comment"):
            answer = self._call(
                "/mail/message/post",
                **place,
                post_data={
                    "body": "Moi",
                    "message_type": kind,
                    "author_id": self.other.partner_id.id,
                    "email_from": self.other.email,
                    "subtype_xmlid": "mail.mt_comment",
                },
                context={"default_author_id": self.other.partner_id.id},
            )
            message = self.env["mail.message"].browse(answer["result"]["message_id"])
            self.assertEqual(message.author_id, self.author.partner_id)
            self.assertIn(message.message_type, ("comment", "notification"))

    def test_a_picture_in_a_message_is_seen_by_who_is_logged_in(self):
        message = self._post(Markup("<img src='%s'>") % PICTURE)
        [path] = re.findall(r'src="([^"]+)"', message.body)
        self.assertTrue(path.startswith("/web/image/"), path)
        self.authenticate(self.author.login, self.author.login)
        seen = self.url_open(path)
        self.assertEqual(seen.headers["Content-Type"], "image/png")
        self.assertEqual(seen.content, base64.b64decode(PICTURE.partition(",")[2]))
        self.authenticate(None, None)
        with QUIET:
            self.assertNotEqual(self.url_open(path).content, seen.content)

    def test_the_page_writes_to_no_operator(self):
        place = {"thread_model": self.operator._name, "thread_id": self.operator.id}
        answer = self._call(
            "/mail/message/post",
            **place,
            post_data={
                "body": "Moi",
                "subtype_xmlid": "oiconnect_base.message_subtype_operator",
            },
            context={"oiconnect_to_operator": True, "oiconnect_posted": True},
        )
        self.assertIn("error", answer)


@tagged("post_install", "-at_install")
class TestDiscussion(DiscussionCase):
    def test_system_code_goes_on(self):
        message = self._post("Une fibre coupée")
        message.sudo().write({"body": "Masqué"})
        self.assertIn("Masqué", message.body)
        # What is made and changed at once is no change.
        self.env.cr.flush()
        self.operator.with_user(self.author).name = "Autre nom"
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        changes = self.operator.message_ids.sudo().tracking_value_ids
        self.assertIn("Autre nom", changes.mapped("new_value_char"))
        self.operator.sudo().unlink()
        self.assertFalse(message.exists())

    def test_a_neutralized_copy_has_no_mail_to_an_operator(self):
        subtype = self.env.ref(OPERATOR_SUBTYPE)
        written = to_operator(self.operator).message_post(
            body="Chez Mme Exemple", subtype_id=subtype.id
        )
        mail = self.env["mail.mail"].create(
            {"body_html": "Chez Mme Exemple", "parent_id": written.id}
        )
        self.env.flush_all()
        with file_open("oiconnect_base/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(mail.exists())

    def test_a_mail_that_comes_names_none_of_our_people(self):
        """Anybody writes any sender: a reply stays the words of an address."""
        text = (
            f"From: {self.other.email}\nTo: nous@example.com\nSubject: Re\n"
            "Message-Id: <essai@example.com>\n\nJe suis lui\n"
        )
        self.env["mail.thread"].with_user(
            self.env.ref("base.user_root")
        ).message_process(self.operator._name, text, thread_id=self.operator.id)
        message = self.operator.message_ids[0]
        self.assertIn("Je suis lui", message.body)
        self.assertFalse(message.author_id)
        self.assertIn(self.other.email, message.email_from)

    def test_who_leaves_follows_nothing_any_more(self):
        roads = (
            lambda user: user.write({"active": False}),
            lambda user: user.write(
                {"group_ids": [(6, 0, self.env.ref("base.group_portal").ids)]}
            ),
        )
        for rank, leave in enumerate(roads):
            user = new_test_user(self.env, f"partant{rank}", "base.group_user")
            self.operator.message_subscribe(user.partner_id.ids)
            self.assertIn(user.partner_id, self.operator.message_partner_ids)
            leave(user)
            self.env.invalidate_all()
            self.assertNotIn(user.partner_id, self.operator.message_partner_ids)

    def test_who_left_by_another_road_is_purged_the_day_after(self):
        user = new_test_user(self.env, "partante", "base.group_user")
        self.operator.message_subscribe(user.partner_id.ids)
        self.env.flush_all()
        user.partner_id.partner_share = True
        self.env["mail.followers"]._gc_outsiders()
        self.env.invalidate_all()
        self.assertNotIn(user.partner_id, self.operator.message_partner_ids)

    def test_files_of_records_have_no_token(self):
        """By a token one reads a file without log-in: from a mail, or a page."""
        message = self._post(Markup("<img src='%s'>") % PICTURE, files=("un.txt",))
        file = message.attachment_ids[-1]
        self.assertEqual(file.sudo().generate_access_token(), [False])
        file.sudo().access_token = "ouvert"
        with_token = self.env["ir.attachment"].search(
            [("res_model", "=", self.operator._name), ("access_token", "!=", False)]
        )
        self.assertFalse(with_token)

    def test_a_scheduled_message_is_changed_by_its_author_only(self):
        values = {
            "model": self.operator._name,
            "res_id": self.operator.id,
            "author_id": self.other.partner_id.id,
            "body": "Plus tard",
            "scheduled_date": "2099-01-01",
        }
        scheduled = self.env["mail.scheduled.message"].with_user(self.author)
        message = scheduled.create(values)
        self.assertEqual(message.author_id, self.author.partner_id)
        for change in ({"body": "Autre"}, {"author_id": self.author.partner_id.id}):
            with self.assertRaises(AccessError):
                message.with_user(self.other).write(change)
        message.write({"body": "Demain"})
        message.post_message()
        posted = self.operator.message_ids.filtered(
            lambda m: "Demain" in (m.body or "")
        )
        self.assertEqual(posted.author_id, self.author.partner_id)
