import inspect
import itertools
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.portal_mixin import PORTAL
from ..pages import PAGES
from .space_common import SpaceCase

QUIET = mute_logger("odoo.addons.base.models.ir_rule", "odoo.http", "odoo.orm.models")
# What other addons let any portal user read: shared with Odoo, not ours
OURS = "oiconnect."


@tagged("post_install", "-at_install")
class TestIsolation(SpaceCase):
    """Nothing of another operator by any road: complete by construction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.markers = cls._markers()

    def _ours(self):
        return [
            name
            for name, model in self.env.registry.items()
            if name.startswith(OURS) and not model._abstract and not model._transient
        ]

    @classmethod
    def _markers(cls):
        """Return the words that only the other operator's records have."""
        records = cls.theirs.values()
        names = {"THEIRS", *(one.display_name for one in records)}
        names |= {cls.theirs["acces"].service_reference, "OCT2"}
        return {name for name in names if name}

    def assertOnlyOwn(self, text, where):
        for marker in self.markers:
            self.assertNotIn(marker, text, where)

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_people_of_operators_read_the_models_of_the_space_and_no_other(self):
        shown = {page.model for page in PAGES.values()}
        for name in self._ours():
            with self.subTest(name):
                model = self._as(name)
                self.assertEqual(model.has_access("read"), name in shown)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(model.has_access(operation))
        mixed = self.env.registry.descendants([PORTAL], "_inherit") - {PORTAL}
        self.assertEqual(set(mixed), shown)

    def test_the_rules_say_the_same_as_the_rest_api(self):
        for key, page in PAGES.items():
            with self.subTest(key):
                resource = self.env[page.model]._shown_resource()
                domain = resource.operator_domain(self.operator.id)
                expected = self.env[page.model].search(domain)
                self.assertEqual(self._as(page.model).search([]).ids, expected.ids)
                self.assertIn(self.own[key].id, expected.ids)
                self.assertNotIn(self.theirs[key].id, expected.ids)

    def test_no_field_is_read_but_those_that_are_shown(self):
        for key, page in PAGES.items():
            model = self._as(page.model).browse(self.own[key].id)
            names = set(model._shown_names())
            self.assertLessEqual({*page.columns, *page.search, *page.choices}, names)
            self.assertEqual(set(model.fields_get()), names)
            for name in set(model._fields) - names:
                with self.subTest(key, field=name), QUIET:
                    with self.assertRaises(AccessError):
                        model.read([name])
                    with self.assertRaises(AccessError):
                        model.search(Domain(name, "!=", False), limit=1)

    def test_the_record_of_another_is_not_read(self):
        for key, record in self.theirs.items():
            model = self._as(record._name)
            with self.subTest(key), QUIET:
                self.assertFalse(model.search([("id", "=", record.id)]))
                with self.assertRaises(AccessError):
                    model.browse(record.id).read(["display_name"])
                with self.assertRaises(AccessError):
                    self._space()._sheet(model.browse(record.id))

    def test_discussions_and_attached_files_are_ours(self):
        messages, files = self._as("mail.message"), self._as("ir.attachment")
        for record in (*self.own.values(), *self.theirs.values()):
            with self.subTest(record), QUIET:
                if "message_ids" in record._fields:
                    record.message_post(
                        body="Entre nous", subtype_xmlid="mail.mt_comment"
                    )
                self.env["ir.attachment"].create(
                    {
                        "name": "interne.txt",
                        "raw": b"Entre nous",
                        "res_model": record._name,
                        "res_id": record.id,
                    }
                )
                place = [("res_id", "=", record.id)]
                of_model = [("model", "=", record._name)]
                attached = [("res_model", "=", record._name)]
                self.assertFalse(messages.search(place + of_model))
                with self.assertRaises(AccessError):
                    files.search(place + attached)
                if "message_ids" in record._fields:
                    posted = self._as(record._name).browse(record.id)
                    with self.assertRaises(AccessError):
                        posted.message_post(body="Moi aussi")

    # ------------------------------------------------------------------
    # Methods that RPC calls
    # ------------------------------------------------------------------

    def _methods(self, model):
        """Yield the public methods of ours that need nothing but records."""
        for name, method in inspect.getmembers(type(model), callable):
            ours = (getattr(method, "__module__", "") or "").startswith(
                "odoo.addons.oiconnect"
            )
            if not name.startswith("_") and ours and not _is_private(method):
                needed = [
                    one
                    for one in inspect.signature(method).parameters.values()
                    if one.default is one.empty
                    and one.kind == one.POSITIONAL_OR_KEYWORD
                ]
                if len(needed) == 1:
                    yield name

    def test_no_method_tells_or_changes_a_record_of_another(self):
        theirs = {record._name: record.id for record in self.theirs.values()}
        for name in [n for n in self.env.registry if n.startswith(OURS)]:
            model = self._as(name).browse(theirs.get(name, ()))
            for method in self._methods(model):
                with self.subTest(name, method=method), QUIET:
                    answer = self._call(model, method)
                    self.assertOnlyOwn(str(answer), method)
        states = [self.theirs[key].state for key in ("acces", "tickets", "rendez-vous")]
        self.env.invalidate_all()
        self.assertEqual(
            [self.theirs[key].state for key in ("acces", "tickets", "rendez-vous")],
            states,
        )

    def _call(self, model, method):
        # As another transaction: what this one has read is not checked again.
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                answer = getattr(model, method)()
                self.env.flush_all()
                return answer if not hasattr(answer, "_name") else answer.ids
        except Exception:  # noqa: BLE001 - refused, whatever the way
            return None

    @QUIET
    def test_rpc_of_a_browser_and_of_a_script_tells_nothing_of_another(self):
        self._log_in()
        script = self._script_key()
        for key, record in self.theirs.items():
            for method in ("read", "web_read", "web_search_read", "search_read"):
                with self.subTest(key, method=method):
                    for answer in (
                        self._browser(record, method),
                        self._script(script, record, method),
                    ):
                        self.assertOnlyOwn(answer, method)

    def _arguments(self, record, method):
        if method == "read":
            return {"ids": record.ids, "fields": ["display_name"]}
        if method == "web_read":
            return {"ids": record.ids, "specification": {"display_name": {}}}
        domain = {"domain": [["id", "in", record.ids]]}
        if method == "search_read":
            return domain | {"fields": ["display_name"]}
        return domain | {"specification": {"display_name": {}}}

    def _browser(self, record, method):
        kwargs = self._arguments(record, method)
        params = {
            "model": record._name,
            "method": method,
            "args": [kwargs.pop("ids")] if "ids" in kwargs else [],
            "kwargs": kwargs,
        }
        return self.url_open(
            f"/web/dataset/call_kw/{record._name}/{method}",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).text

    def _script_key(self):
        keys = self.env["res.users.apikeys"].with_user(self.person)
        key = keys._generate(None, "essai", fields.Datetime.now() + timedelta(days=1))
        self.env.flush_all()
        return key

    def _script(self, key, record, method):
        return self.url_open(
            f"/json/2/{record._name}/{method}",
            data=json.dumps(self._arguments(record, method)),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {key}",
            },
        ).text

    # ------------------------------------------------------------------
    # Addresses
    # ------------------------------------------------------------------

    @QUIET
    def test_every_address_of_the_space_knows_nothing_of_another(self):
        self._log_in()
        self._get("/tickets/nouveau")
        tried = 0
        for rule, methods in self._places("/my/oiconnect"):
            if "record_id" not in rule.arguments:
                continue
            for key, record in self.theirs.items():
                for path in _filled(rule, key, record.id):
                    path = path.removeprefix("/my/oiconnect")
                    if not path.startswith(f"/{key}/"):
                        # The id may be that of a record of another kind, of its own.
                        continue
                    tried += 1
                    with self.subTest(path):
                        answer = ""
                        if "GET" in methods:
                            answer += self._get(path, status=404)
                        if "POST" in methods:
                            answer += self._post(path, status=404, text="x", slot="x")
                        self.assertOnlyOwn(answer, path)
        self.assertGreater(tried, len(self.theirs))

    @QUIET
    def test_every_list_tells_the_operators_own_only(self):
        self._log_in()
        for key in PAGES:
            self.assertOnlyOwn(self._get(f"/{key}?shown=all"), key)
            self.assertOnlyOwn(self._get(f"/{key}?shown=all&search=IRS-"), key)
        for key, record in self.own.items():
            self.assertOnlyOwn(self._get(f"/{key}/{record.id}"), key)

    @QUIET
    def test_the_addresses_of_our_own_people_tell_nothing(self):
        self._log_in()
        self._get()
        for rule, methods in self._places("/oiconnect/"):
            for record in self.theirs.values():
                path = _filled(rule, "x", record.id)[0]
                with self.subTest(path):
                    answer = self.url_open(path).text
                    if "POST" in methods:
                        answer += self.url_open(
                            path,
                            data=json.dumps({"params": {}}),
                            headers={"Content-Type": "application/json"},
                        ).text
                    self.assertOnlyOwn(answer, path)

    @QUIET
    def test_files_are_not_fetched_by_the_roads_of_odoo(self):
        self._log_in()
        for record in (self.theirs["echanges"], self.own["echanges"]):
            path = f"/web/content/oiconnect.exchange/{record.id}/content"
            self.assertNotIn("FICHIER", self.url_open(path).text)
            attachment = record._attachment()
            answer = self.url_open(f"/web/content/{attachment.id}").text
            self.assertNotIn("FICHIER", answer)


def _is_private(method):
    return getattr(method, "_api_private", False)


def _filled(rule, key, record_id):
    """Return the addresses of a rule; all of them where it lists values."""
    parts = []
    for is_dynamic, text in rule._trace:
        if not is_dynamic:
            parts.append([text.replace("|", "")])
        elif text == "key":
            parts.append([key])
        elif items := getattr(rule._converters[text], "items", None):
            parts.append(sorted(items))
        else:
            parts.append([str(record_id)])
    return ["".join(chosen) for chosen in itertools.product(*parts)]
