import inspect
import itertools
import re

from odoo.tests import tagged

from .space_common import TOKEN, SpaceCase
from .test_isolation import OURS, QUIET, _filled, _is_private

# Methods that RPC calls with more than records: what a client of Odoo gives them
_GIVEN = {
    "read": (["display_name"],),
    "web_read": ({"display_name": {}},),
    "export_data": (["id"],),
    "has_access": ("read",),
    "write": ({},),
    "web_save": ({}, {"display_name": {}}),
    "onchange": ({}, [], {"display_name": {}}),
}


# What a page has anew each time
_TOKENS = re.compile(r"[0-9a-f]{40}o[0-9]+")


def _masked(text, *numbers):
    """Return a text without the numbers that were asked for."""
    found = "|".join(map(str, numbers))
    text = _TOKENS.sub("", text)
    return re.sub(rf"(?<![\w.])({found})(?![\w.])", "N", text)


@tagged("post_install", "-at_install")
class TestUnknown(SpaceCase):
    """What is another's is told as what does not exist, by each road."""

    def _missing(self, record):
        table = record._table
        self.env.cr.execute(f'SELECT max(id) + 1000 FROM "{table}"')
        return record.browse(self.env.cr.fetchone()[0])

    def _differing(self, record, methods):
        """Yield the methods that answer otherwise of what does not exist."""
        missing = self._missing(record)
        numbers = record.id, missing.id
        for method, given in methods:
            told = [
                _masked(self._call_answer(one, method, given), *numbers)
                for one in (record, missing)
            ]
            if told[0] != told[1]:
                yield record._name, method, *told

    def _call_answer(self, record, method, given):
        """Return what a call answers, in a transaction as good as its own."""
        self.env.flush_all()
        # What a refused call meant to follow would be followed by the next one.
        self.env.cr.precommit.clear()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                told = getattr(self._as(record._name).browse(record.id), method)(*given)
                self.env.flush_all()
                return repr(told)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def _methods(self, model):
        """Yield (method, arguments) of all that RPC may call on records."""
        for name, method in inspect.getmembers(type(model), inspect.isfunction):
            if name.startswith("_") or _is_private(method):
                continue
            needed = [
                one
                for one in inspect.signature(method).parameters.values()
                if one.default is one.empty and one.kind == one.POSITIONAL_OR_KEYWORD
            ]
            if name in _GIVEN:
                yield name, _GIVEN[name]
            elif len(needed) == 1:
                yield name, ()

    @QUIET
    def test_no_method_tells_what_exists(self):
        found, tried = [], 0
        for record in self.theirs.values():
            methods = list(self._methods(record))
            tried += len(methods)
            found += self._differing(record, methods)
        self.assertEqual(found, [])
        self.assertGreater(tried, 30 * len(self.theirs))

    @QUIET
    def test_no_model_tells_what_exists(self):
        """Invoices, contacts, files: also what is Odoo's own."""
        person = self.rival_person
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.rival.partner_id.id}
        )
        others = [person.partner_id, person, invoice, self.network, self.rival]
        ours = [name for name in self.env.registry if name.startswith(OURS)]
        found = [
            self.env[name].search([], order="id desc", limit=1)
            for name in ours
            if self.env[name]._auto and not self.env[name]._transient
        ]
        methods = [
            (name, _GIVEN.get(name, ()))
            for name in ("read", "web_read", "has_access", "write", "unlink")
        ]
        differing = []
        for record in itertools.chain(others, filter(None, found)):
            if not self._as(record._name).browse(record.id).has_access("read"):
                differing += self._differing(record, methods)
        self.assertEqual(differing, [])

    @QUIET
    def test_no_address_tells_what_exists(self):
        self._log_in()
        page = self._get("/tickets/nouveau")
        self.token = TOKEN.search(page).group(1)
        tried = 0
        for place in ("/my/oiconnect", "/oiconnect/"):
            for rule, methods in self._places(place):
                if not rule.arguments:
                    continue
                for key, record in self.theirs.items():
                    missing = self._missing(record).id
                    numbers = record.id, missing
                    for paths in zip(
                        _filled(rule, key, record.id),
                        _filled(rule, key, missing),
                        strict=True,
                    ):
                        if self._is_own(paths[0]):
                            continue
                        tried += 1
                        with self.subTest(paths[0]):
                            self.assertAlike(paths, methods, numbers)
        self.assertGreater(tried, 50)

    @QUIET
    def test_no_address_with_questions_tells_what_exists(self):
        self._log_in()
        pm = self.env["oiconnect.pm"].search([], limit=1)
        for path in (
            "/oiconnect/trace/csv?model=oiconnect.pm&id=%s",
            "/oiconnect/box-plan.xlsx?model=oiconnect.pm&ids=%s",
            "/oiconnect/route-table.xlsx?model=oiconnect.pm&ids=%s",
            "/oiconnect/pm/%s/plan.pdf",
            "/web/content/oiconnect.pm/%s/plan_file",
            "/web/image/oiconnect.pm/%s/plan_file",
        ):
            with self.subTest(path):
                numbers = pm.id, self._missing(pm).id
                paths = [path % number for number in numbers]
                self.assertAlike(paths, ("GET",), numbers)

    def _is_own(self, path):
        """The id of a record of theirs may be that of another kind, of its own."""
        return any(
            f"{path}/".startswith(f"/my/oiconnect/{key}/{record.id}/")
            for key, record in self.own.items()
        )

    def assertAlike(self, paths, methods, numbers):
        told = [self._answers(path, methods, numbers) for path in paths]
        self.assertEqual(*told)

    def _answers(self, path, methods, numbers):
        told = []
        for method in sorted({"GET", "POST"} & set(methods)):
            data = {"csrf_token": self.token} if method == "POST" else None
            answer = self.url_open(path, data=data, allow_redirects=False)
            told += [answer.status_code, _masked(answer.text, *numbers)]
        return told

    def test_a_file_whose_name_has_several_lines_is_downloaded(self):
        self._log_in()
        name = "AR\r\nSet-Cookie: a=b\x0b\u2028.csv"
        exchange = self._file(self.operator, name)
        answer = self.url_open(
            f"/my/oiconnect/echanges/{exchange.id}/telecharger", timeout=30
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("AR__Set-Cookie", answer.headers["Content-Disposition"])
