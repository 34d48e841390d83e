"""What strangers see of the product speaks of the operator whose it is, not of Odoo."""

import re
import urllib.request

import conftest
import pytest
from lxml import html
from odoo_process import environment, registry
from test_accessibility import pages
from web_session import session_of

pytestmark = pytest.mark.slow
FOREIGN = re.compile(r"odoo|your\s*logo|votre\s*logo", re.IGNORECASE)
#: read out or shown beside what is written
ATTRIBUTES = "//@alt | //@title | //@placeholder | //@aria-label"
SILENT = "//script | //style | //head/link"
OPEN = ("/web/login", "/web/reset_password", "/oiconnect/api/v1/docs")
DOCUMENTS = "/oiconnect/api/v1/docs/guides"
REPORTS = r"oiconnect\_%"
#: mails of networks of electronic invoices, which no flow of ours sends
NEVER_SENT = {
    "account.mail_template_einvoice_notification",
    "account.mail_template_invoice_subscriber",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with conftest.demo_server("faces", tmp_path_factory.mktemp("faces")) as found:
        yield found


@pytest.fixture(scope="module")
def env(server):
    with registry(server.database) as base, environment(base) as made:
        yield made(user=made.ref("base.user_admin"), context={"lang": "fr_FR"})
        made.cr.rollback()


def words(text):
    """Return all that a person reads or hears of a page."""
    page = html.fromstring(text)
    for node in page.xpath(SILENT):
        node.drop_tree()
    return " ".join([*page.itertext(), *page.xpath(ATTRIBUTES)])


def foreign(text):
    """Return what speaks of Odoo in a page, with some words around it."""
    read = " ".join(words(text).split())
    return [
        read[max(0, at.start() - 40) : at.end() + 40] for at in FOREIGN.finditer(read)
    ]


def fetch(server, path, session=""):
    headers = {"Cookie": f"session_id={session}", "Accept-Language": "fr"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{path}", None, headers
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


def test_pages_of_strangers_and_of_operators_have_the_name_of_the_company(server):
    session = session_of(server, "ocaa")
    wrong = {}
    for path, who in [
        *((path, "") for path in (*OPEN, DOCUMENTS)),
        *((path, session) for path in pages(server.database)),
    ]:
        text = fetch(server, path, who)
        if found := foreign(text):
            wrong[path] = found
        assert "Val d'Exemple Fibre" in " ".join(words(text).split()), path
    assert wrong == {}


def test_mails_have_the_name_of_the_company(env):
    wrong = {}
    for template in env["mail.template"].search([]):
        name = template.get_external_id()[template.id]
        record = env[template.model].search([], limit=1)
        if name in NEVER_SENT or not record:
            continue
        fields = ["body_html", "subject"]
        values = template._generate_template(record.ids, fields)[record.id]
        if found := foreign(f"<p>{values['subject']}</p>{values['body_html']}"):
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize(
    "layout", ["mail_notification_layout", "mail_notification_light"]
)
def test_frames_of_mails_have_the_name_of_the_company(env, layout):
    partner = env["res.partner"].search([("email", "!=", False)], limit=1)
    message = partner.message_post(body="Bonjour")
    values = {
        "message": message,
        "company": env.company,
        "record": partner,
        "record_name": partner.name,
        "email_notification_force_footer": True,
        "email_notification_force_header": True,
        "show_footer": True,
        "show_unfollow": True,
        "subtitles": [],
        "tracking_values": [],
        "lang": "fr_FR",
        "is_html_empty": lambda text: not text,
    }
    text = str(env["ir.qweb"]._render(f"mail.{layout}", values, minimal_qcontext=True))
    assert "Val d'Exemple Fibre" in words(text)
    assert foreign(text) == []


def test_documents_speak_of_nobody_else(env):
    reports = env["ir.actions.report"].search(
        [("report_type", "=", "qweb-pdf"), ("report_name", "=like", REPORTS)]
    )
    invoice = env.ref("account.account_invoices")
    seen, wrong = 0, {}
    for report in reports | invoice:
        record = env[report.model].search([], limit=1) or invoice_of(env)
        text, _kind = report._render_qweb_html(report.report_name, record.ids)
        text = text.decode()
        seen += 1
        if found := foreign(text):
            wrong[report.report_name] = found
        assert "Val d'Exemple Fibre" in words(text), report.report_name
    assert seen > 6
    assert wrong == {}


def invoice_of(env):
    partner = env["res.partner"].search([("is_company", "=", True)], limit=1)
    line = {"name": "Accès", "quantity": 1, "price_unit": 10.0}
    values = {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": "2026-10-31",
        "invoice_line_ids": [(0, 0, line)],
    }
    return env["account.move"].create(values)
