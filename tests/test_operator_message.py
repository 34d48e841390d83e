"""A person of ours writes to an operator, in a browser; the operator reads it there."""

import json
import os
from pathlib import Path

import conftest
import pytest
from needs_browser import needs_browser
from oictools import database
from oictools.chromium import Chromium
from test_home import click, shown
from web_session import session_of

pytestmark = [
    pytest.mark.slow,
    needs_browser,
]
TEXT = "Le PM est ouvert de 8 h à 18 h : passez prendre la clé."
DIALOG = ".o_dialog .o_form_view"
TAB = ".o_notebook .nav-link[name=discussion]"
BUTTON = ".o_oiconnect_write_to_operator:not([disabled])"
MESSAGE = ".o-mail-Message.o_oiconnect_to_operator"
#: where pictures are left, for who wants to look at them
PICTURES = os.environ.get("OIC_PICTURES")


@pytest.fixture
def server(tmp_path):
    name = conftest.copy_of("demo")
    server = conftest.OdooServer(
        name, tmp_path / "odoo.log", scheduled=False, jobs=False
    ).start()
    yield server
    server.kill()
    database.drop(name)


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (1000, 700)])
def test_a_message_to_the_operator_is_written_and_looks_different(
    server, width, height
):
    [[order]] = server.rows(
        "SELECT access.id FROM oiconnect_access_order access"
        "  JOIN oiconnect_operator operator ON operator.id = access.operator_id"
        " WHERE operator.interop_code = 'OCAA' ORDER BY access.id LIMIT 1"
    )
    url = f"http://127.0.0.1:{server.port}"
    with Chromium(width, height) as browser:
        browser.listen()
        browser.log_in(url, session_of(server, "admin"))
        browser.open(f"{url}/odoo/oiconnect.access.order/{order}")
        browser.wait(shown(TAB))
        click(browser, TAB)
        browser.wait(shown(BUTTON))
        click(browser, BUTTON)
        browser.wait(shown(f"{DIALOG} .o_field_widget[name=partner_ids] .o_tag"))
        write(browser, f"{DIALOG} .o_field_widget[name=body] textarea", TEXT)
        picture(browser, f"dialog-{width}")
        click(browser, ".o_dialog button[name=action_send]")
        browser.wait(shown(f"{MESSAGE} .badge"))
        shown_text = browser.value(f"document.querySelector('{MESSAGE}').innerText")
        assert "passez prendre" in shown_text and "Message à l'opérateur" in shown_text
        border = f"getComputedStyle(document.querySelector('{MESSAGE}'))"
        assert browser.value(f"{border}.borderLeftWidth") == "4px"
        browser.value(f"document.querySelector('{MESSAGE}').scrollIntoView()")
        picture(browser, f"message-{width}")
        browser.log_in(url, session_of(server, "ocaa"))
        browser.open(f"{url}/my/oiconnect/acces/{order}")
        browser.wait(shown(".o_oiconnect_message"))
        picture(browser, f"space-{width}")
        assert not browser.complaints


def write(browser, selector, text):
    browser.value(
        f"(() => {{ const field = document.querySelector({json.dumps(selector)});"
        f" field.value = {json.dumps(text)};"
        " field.dispatchEvent(new Event('input', {bubbles: true}));"
        " field.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def picture(browser, name):
    if PICTURES:
        taken = browser.picture(browser.width, browser.height, 90)
        Path(PICTURES, f"{name}.webp").write_bytes(taken)
