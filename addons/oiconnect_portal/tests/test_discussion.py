import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.oiconnect_base.discussion import OPERATOR_SUBTYPE

from .space_common import SpaceCase

QUIET = mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.orm.models")
RIGHTS = (
    "base.group_user,oiconnect_base.group_access_manager,"
    "oiconnect_base.group_pm_order_manager,oiconnect_base.group_link_manager,"
    "oiconnect_base.group_ticket_manager,oiconnect_base.group_billing_manager"
)
MIGRATION = "oiconnect_base/migrations/19.0.1.1.0/post-internal-discussions.py"
WRITTEN_TO = (
    "acces",
    "commandes-pm",
    "commandes-pb",
    "commandes-liens",
    "rendez-vous",
    "tickets",
)


@tagged("post_install", "-at_install")
class TestDiscussion(SpaceCase):
    """Internal notes stay internal; messages to the operator reach it alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = new_test_user(
            cls.env,
            "ecrit",
            RIGHTS,
            email="ecrit@oi.example",
        )
        cls.order = cls.own["acces"]
        cls.dispute = cls.env["oiconnect.billing.dispute"].create(
            {
                "name": "LIT-1",
                "operator_id": cls.operator.id,
                "company_id": cls.network.company_id.id,
                "received_date": "2026-01-01",
                "checksum": "essai",
            }
        )

    def _rpc(self, record, method, *args, **kwargs):
        """Call a method as a browser does; return its answer."""
        params = {
            "model": record._name,
            "method": method,
            "args": [record.ids, *args],
            "kwargs": kwargs,
        }
        return self._json(f"/web/dataset/call_kw/{record._name}/{method}", **params)

    def _json(self, path, **params):
        with QUIET:
            answer = self.url_open(
                path,
                data=json.dumps({"params": params}),
                headers={"Content-Type": "application/json"},
            )
        self.env.invalidate_all()
        return (
            answer.json()
            if answer.status_code == 200
            else {"error": answer.status_code}
        )

    # ------------------------------------------------------------------
    # What we say among us
    # ------------------------------------------------------------------

    def test_a_person_of_an_operator_follows_no_order_and_reads_no_message(self):
        self._log_in()
        partner = self.person.partner_id
        answer = self._rpc(self.order, "message_subscribe", partner.ids)
        self.assertIn("AccessError", answer["error"]["data"]["name"])
        self.assertNotIn(partner, self.order.message_partner_ids)
        message = self.order.with_user(self.staff).message_post(
            body="Entre nous",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("interne.txt", b"FICHIER INTERNE")],
        )
        self.env.flush_all()
        for answer in self._pages(message):
            self.assertNotIn("Entre nous", answer)
            self.assertNotIn("interne.txt", answer)
            self.assertNotIn("FICHIER INTERNE", answer)
            self.assertNotIn("raw_access_token", answer)

    def _pages(self, message):
        """Yield what all addresses of discussions answer about a message."""
        thread = {"thread_model": message.model, "thread_id": message.res_id}
        file = message.attachment_ids
        request = ["followers", "attachments", "messages", "suggestedRecipients"]
        request_of_thread = {**thread, "request_list": request}
        calls = {
            "/mail/thread/messages": thread,
            "/mail/chatter_fetch": thread,
            "/portal/chatter_init": thread,
            "/mail/data": {"fetch_params": [["mail.thread", request_of_thread]]},
            "/mail/thread/recipients": {**thread, "message_id": message.id},
            "/mail/message/reaction": {
                "message_id": message.id,
                "content": "👍",
                "action": "add",
            },
            "/mail/message/update_content": {
                "message_id": message.id,
                "update_data": {"body": "Moi", "attachment_ids": []},
            },
            "/mail/inbox/messages": {},
            "/mail/history/messages": {},
        }
        for path, params in calls.items():
            yield json.dumps(self._json(path, **params))
        for method, args in (
            ("read", [["body", "attachment_ids"]]),
            ("portal_message_format", []),
            ("export_data", [["body"]]),
        ):
            yield json.dumps(self._rpc(message, method, *args))
        yield json.dumps(self._rpc(message.browse(), "search_read"))
        yield json.dumps(self._rpc(file, "read", ["name", "access_token"]))
        yield json.dumps(self._rpc(file, "generate_access_token"))
        for path in (f"/web/content/{file.id}", f"/mail/message/{message.id}"):
            with QUIET:
                yield self.url_open(path).text

    def test_a_follower_of_before_receives_nothing(self):
        """A follower as the former version let it be: no mail, and nothing to read."""
        partner = self.person.partner_id
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO mail_followers (res_model, res_id, partner_id)"
            " VALUES (%s, %s, %s) RETURNING id",
            [self.order._name, self.order.id, partner.id],
        )
        [follower] = self.env.cr.fetchone()
        self.env.cr.execute(
            "INSERT INTO mail_followers_mail_message_subtype_rel"
            " SELECT %s, id FROM mail_message_subtype",
            [follower],
        )
        self.env.invalidate_all()
        message = self.order.with_user(self.staff).message_post(
            body="Entre nous", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(message.sudo().notification_ids)
        mails = self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])
        self.assertFalse(mails)
        found = self._as("mail.message").search([("id", "=", message.id)])
        self.assertFalse(found)

    def test_an_upgrade_takes_people_of_operators_out(self):
        """Followers, and what was to leave; what was sent stays known."""
        partner, staff = self.person.partner_id, self.staff.partner_id
        self.order.message_subscribe(staff.ids)
        message = self.order.message_post(body="Entre nous", partner_ids=staff.ids)
        mail = self.env["mail.mail"].create(
            {"mail_message_id": message.id, "recipient_ids": [(4, staff.id)]}
        )
        file = self._upload(res_model=self.order._name, res_id=self.order.id)
        scheduled = self.env["mail.scheduled.message"].create(
            {
                "model": self.order._name,
                "res_id": self.order.id,
                "author_id": staff.id,
                "scheduled_date": "2099-01-01",
            }
        )
        self.env.flush_all()
        for query, *values in (
            (
                "INSERT INTO mail_followers (res_model, res_id, partner_id)"
                " VALUES (%s, %s, %s)",
                self.order._name,
                self.order.id,
                partner.id,
            ),
            (
                "INSERT INTO mail_notification (mail_message_id, mail_mail_id,"
                " res_partner_id, notification_type, notification_status)"
                " VALUES (%s, %s, %s, 'email', 'ready')",
                message.id,
                mail.id,
                partner.id,
            ),
            (
                "INSERT INTO mail_mail_res_partner_rel VALUES (%s, %s)",
                mail.id,
                partner.id,
            ),
            (
                "INSERT INTO mail_scheduled_message_res_partner_rel VALUES (%s, %s)",
                scheduled.id,
                partner.id,
            ),
            ("UPDATE ir_attachment SET access_token = 'x' WHERE id = %s", file.id),
        ):
            self.env.cr.execute(query, values)
        with file_open(MIGRATION) as script:
            migration = {}
            exec(compile(script.read(), MIGRATION, "exec"), migration)  # noqa: S102
        migration["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.order.message_partner_ids & (partner | staff), staff)
        self.assertNotIn(partner, message.notification_ids.res_partner_id)
        self.assertEqual((mail.recipient_ids, mail.state), (staff, "outgoing"))
        self.assertFalse(scheduled.partner_ids)
        self.assertFalse(file.sudo().access_token)
        follower = self.order.message_follower_ids.filtered(
            lambda one: one.partner_id == staff
        )
        self.assertIn(self.env.ref(OPERATOR_SUBTYPE), follower.subtype_ids)

    # ------------------------------------------------------------------
    # What we write to the operator
    # ------------------------------------------------------------------

    def _dialog(self, record, user=None, **values):
        action = record.with_user(user or self.staff).action_write_to_operator()
        dialogs = self.env[action["res_model"]].with_user(user or self.staff)
        return dialogs.with_context(**action["context"]).create(
            {"body": "Le PM est ouvert", **values}
        )

    def _upload(self, name="plan.txt", user=None, **values):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.staff)
            .create(
                {
                    "name": name,
                    "raw": b"LE PLAN",
                    "res_model": "oiconnect.operator.message",
                    "res_id": 0,
                    **values,
                }
            )
        )

    def test_we_write_to_the_operator_about_each_kind_that_its_space_shows(self):
        places = [(self.own[key], key) for key in WRITTEN_TO]
        for record, key in [*places, (self.dispute, "contestations")]:
            with self.subTest(key):
                dialog = self._dialog(record, attachment_ids=self._upload().ids)
                self.assertEqual(dialog.operator_id, self.operator)
                self.assertEqual(dialog.partner_ids, self.person.partner_id)
                dialog.action_send()
                message = record._operator_messages()
                self.assertEqual(message.author_id, self.staff.partner_id)
                self.assertFalse(
                    message.notification_ids.res_partner_id.filtered("partner_share")
                )
                record.message_post(body="Entre nous", subtype_xmlid="mail.mt_comment")
                self.env.flush_all()
                self._log_in()
                page = self._get(f"/{key}/{record.id}")
                self.assertIn("Le PM est ouvert", page)
                self.assertNotIn("Entre nous", page)
                place = f"/{key}/{record.id}/fichiers/{message.attachment_ids.id}"
                self.assertIn(place, page)
                self.assertIn("LE PLAN", self._get(place))
                self._log_in(self.rival_person)
                self._get(place, status=404)
                self._get(f"/{key}/{record.id}", status=404)

    def test_a_file_of_ours_does_not_leave_by_the_page_of_messages(self):
        self._dialog(self.order).action_send()
        internal = self.order.message_post(
            body="Entre nous", attachments=[("interne.txt", b"FICHIER INTERNE")]
        ).attachment_ids
        self._log_in()
        self._get(f"/acces/{self.order.id}/fichiers/{internal.id}", status=404)

    def test_the_mail_has_the_text_and_a_way_to_the_page_and_no_token(self):
        self._dialog(
            self.order, subject="Ouverture", attachment_ids=self._upload().ids
        ).action_send()
        mail = self.env["mail.mail"].search([("subject", "=", "Ouverture")])
        self.assertEqual(mail.recipient_ids, self.person.partner_id)
        self.assertFalse(mail.model or mail.attachment_ids)
        with patch.object(
            self.env.registry["ir.mail_server"], "_get_max_email_size", lambda _s: 0
        ):
            [sent] = mail._prepare_outgoing_list()
        self.assertIn("Le PM est ouvert", sent["body"])
        self.assertIn(f"/my/oiconnect/acces/{self.order.id}", sent["body"])
        self.assertIn("plan.txt", sent["body"])
        self.assertNotIn("access_token", sent["body"])
        self.assertNotIn("/web/content", sent["body"])
        self.assertFalse(sent["attachments"])

    def test_a_mail_that_does_not_arrive_is_noted(self):
        self._dialog(self.order, subject="Ouverture").action_send()
        mail = self.env["mail.mail"].search([("subject", "=", "Ouverture")])
        mail._postprocess_sent_message([], [], "Boîte pleine", "mail_smtp")
        self.assertIn("Boîte pleine", self.order.message_ids[0].body)

    def test_the_operator_of_the_record_and_no_one_else_is_written_to(self):
        rival = self.rival_person.partner_id
        with self.assertRaises(AccessError):
            self._dialog(self.order, partner_ids=rival.ids).action_send()
        with self.assertRaises(AccessError):
            self._dialog(
                self.order, partner_ids=self.staff.partner_id.ids
            ).action_send()
        self.operator.active = False
        with self.assertRaises(UserError):
            self._dialog(self.order)

    def test_files_of_other_records_do_not_go(self):
        internal = self._upload(res_model=self.order._name, res_id=self.order.id)
        another = self._upload(user=self.env.ref("base.user_admin"))
        for file in (internal, another):
            dialog = self._dialog(self.order)
            dialog.sudo().attachment_ids = file
            with self.assertRaises(UserError):
                dialog.action_send()

    def test_who_may_not_write_the_record_does_not_write_to_its_operator(self):
        reader = new_test_user(
            self.env, "lit", "base.group_user,oiconnect_base.group_access_read"
        )
        for person in (reader, self.person):
            with self.assertRaises(AccessError), QUIET:
                self.order.with_user(person).action_write_to_operator()
        dialog = self._dialog(self.order)
        dialogs = self.env[dialog._name].with_user(reader)
        values = {
            "res_model": self.order._name,
            "res_id": self.order.id,
            "subject": "x",
            "body": "x",
            "partner_ids": self.person.partner_id.ids,
        }
        with self.assertRaises(AccessError), QUIET:
            dialogs.create(values).action_send()
        with self.assertRaises(UserError):
            self.env[dialog._name].with_user(self.staff).create(
                values | {"res_model": "res.partner"}
            ).action_send()

    def test_every_model_of_the_space_with_an_operator_is_written_to(self):
        from ..models.operator_message_mixin import PLACES

        mixin = self.env.registry["oiconnect.operator.message.mixin"]
        written = {
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
        }
        # Files and keys: answered by their own protocol, or made by the operator
        left_out = {"oiconnect.exchange", "oiconnect.api.key"}
        self.assertEqual(written, PLACES.keys() - left_out)


@tagged("post_install", "-at_install")
class TestRegistration(SpaceCase):
    @QUIET
    def test_no_user_registers_without_an_invitation(self):
        self.authenticate(None, None)
        self.assertEqual(self.url_open("/web/signup").status_code, 404)
        self.assertNotIn("/web/signup", self.url_open("/web/login").text)
        self.assertEqual(
            self.env["ir.config_parameter"].get_param("auth_signup.invitation_scope"),
            "b2b",
        )

    def test_an_upgrade_closes_what_was_open(self):
        from odoo.addons.oiconnect_billing.hooks import close_registration

        parameters = self.env["ir.config_parameter"]
        parameters.set_param("auth_signup.invitation_scope", "b2c")
        close_registration(self.env)
        scope = parameters.get_param("auth_signup.invitation_scope")
        self.assertEqual(scope, "b2b")

    @QUIET
    def test_an_invitation_opens(self):
        partner = self.env["res.partner"].create(
            {"name": "Invité", "email": "invite@example.com"}
        )
        partner.signup_prepare()
        token = partner._generate_signup_token()
        self.env.flush_all()
        self.authenticate(None, None)
        page = self.url_open(f"/web/signup?token={token}")
        self.assertEqual(page.status_code, 200)
