"""Takes the pictures of the help again, from the demo that `make run` serves.

    .oiconnect/venv/bin/python scripts/help_pictures.py [page…]

Each page of addons/*/help shows one, in the folder static/help of its addon.
"""

import json
import re
import sys
import urllib.request
from typing import NamedTuple

from oictools import settings
from oictools.chromium import Chromium
from oictools.client import Client
from oictools.console import Failure, main, say

WIDTH, HEIGHT, QUALITY = 1400, 900, 72
LARGEST = 120_000
LOGIN = "admin"
# The screen is there: rows, a form or a map, and nothing is being loaded.
READY = """
    Boolean(document.querySelector(
        ".o_data_row, .o_form_view .o_field_widget, .o_pivot tbody, .o_kanban_record,"
        + ".leaflet-container, .o_oic_card canvas"
    ))
    && !document.querySelector(".o_loading_indicator, .o_blockUI, .o_oic_map_loading")
    && [...document.images].every((image) => image.complete)
"""
STILL = "document.fonts.ready.then(() => new Promise((done) => setTimeout(done, %s)))"
CLICK = "document.querySelector(%s)?.click()"


class Picture(NamedTuple):
    """A screen: an action, a record of it, and what is clicked there."""

    action: str
    model: str = ""
    domain: tuple = ()
    clicks: tuple = ()
    height: int = 640
    settle: int = 700


PICTURES = {
    "accueil": Picture("oiconnect_infra.pbo_action"),
    "operateurs": Picture(
        "oiconnect_base.operator_action",
        "oiconnect.operator",
        (("interop_code", "=", "OCAA"),),
    ),
    "commandes-acces": Picture("oiconnect_orders.access_order_action"),
    "a-traiter": Picture("oiconnect_base.todo_action"),
    "rendez-vous": Picture("oiconnect_orders.appointment_action"),
    "delais": Picture("oiconnect_base.delay_count_action", height=520),
    "services-pm": Picture("oiconnect_orders.pm_service_action", height=480),
    "commandes-liens": Picture("oiconnect_orders.link_order_action", height=480),
    "commandes-pb": Picture("oiconnect_orders.pb_order_action", height=480),
    "gracethd": Picture(
        "oiconnect_gracethd.gracethd_grid_action", "oiconnect.gracethd.grid"
    ),
    "motifs": Picture("oiconnect_orders.reason_action", height=560),
    "carte": Picture("oiconnect_infra.map_action", height=690, settle=4000),
    "pm": Picture(
        "oiconnect_infra.pm_action", "oiconnect.pm", (("state", "=", "deployed"),)
    ),
    "boitiers": Picture(
        "oiconnect_infra.splice_box_action",
        "oiconnect.splice.box",
        (("reference", "=", "BPE-01007-0012"),),
        ("a[name='splices']",),
    ),
    "pbo": Picture(
        "oiconnect_infra.pbo_action", "oiconnect.pbo", (("saturation", "=", "full"),)
    ),
    "immeubles": Picture(
        "oiconnect_infra.building_action",
        "oiconnect.building",
        (("state", "=", "deployed"), ("pto_ids", "!=", False)),
    ),
    "prises": Picture("oiconnect_infra.pto_action", height=480),
    "routes-optiques": Picture("oiconnect_infra.route_action", height=560),
    "qualite": Picture("oiconnect_infra.rule_action"),
    "reglages": Picture("oiconnect_base.network_action", "oiconnect.network"),
    "imports": Picture("oiconnect_import.import_action", "oiconnect.import"),
    "publications": Picture("oiconnect_interop.publication_action", height=480),
    "echanges": Picture("oiconnect_interop.exchange_action"),
    "flux": Picture("oiconnect_interop.flow_action"),
    "services": Picture("oiconnect_soap.soap_service_action", height=480),
    "api": Picture("oiconnect_api.api_key_action", "oiconnect.api.key"),
    "tickets": Picture(
        "oiconnect_sav.ticket_action",
        "oiconnect.ticket",
        (("state", "=", "in_progress"),),
    ),
    "statistiques": Picture("oiconnect_statistics.statistics_orders_action"),
    # The demo has no dispute: make one first
    "contestations": Picture("oiconnect_billing.billing_dispute_line_action"),
    "facturation": Picture("oiconnect_billing.billing_product_action", height=300),
}


def pages():
    """Return ``{page: file of its picture}``."""
    files = {}
    for page in sorted(settings.ADDONS.glob("*/help/*.html")):
        source = re.search(r'<img\s+src="/([^"]+)"', page.read_text(encoding="utf-8"))
        files[page.stem.partition("_")[2]] = settings.ADDONS / source[1]
    return files


def session():
    """Return the key of a session of the administrator."""
    body = {"db": settings.DATABASE, "login": LOGIN, "password": LOGIN}
    request = urllib.request.Request(
        f"{address()}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": body}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        cookies = answer.headers.get_all("Set-Cookie") or []
    for cookie in cookies:
        if found := re.match(r"session_id=([^;]+)", cookie):
            return found[1]
    raise Failure(f"{LOGIN} cannot log in: is this the demo of `make run`?")


def address():
    return f"http://127.0.0.1:{settings.HTTP_PORT}"


def place(client, picture):
    """Return the address of a screen; of its list when there is no such record."""
    path = f"{address()}/odoo/action-{picture.action}"
    if picture.model:
        found = client.call(
            picture.model, "search", list(picture.domain), limit=1, order="id"
        )
        path += f"/{found[0]}" if found else ""
    return path


def take(browser, client, picture):
    browser.open("about:blank")
    browser.open(place(client, picture))
    browser.wait(READY)
    for click in picture.clicks:
        browser.value(CLICK % json.dumps(click))
        browser.wait(READY)
    browser.value(STILL % picture.settle)
    return browser.picture(WIDTH, picture.height, QUALITY)


def run():
    files = pages()
    client = Client(settings.HTTP_PORT, settings.DATABASE, LOGIN, LOGIN)
    with Chromium(WIDTH, HEIGHT) as browser:
        browser.command(
            "Network.setCookie", url=address(), name="session_id", value=session()
        )
        for name in sys.argv[1:] or PICTURES:
            content = take(browser, client, PICTURES[name])
            if len(content) > LARGEST:
                raise Failure(f"{name}: {len(content)} bytes, more than {LARGEST}")
            files[name].parent.mkdir(parents=True, exist_ok=True)
            files[name].write_bytes(content)
            say(f"{files[name].relative_to(settings.ROOT)}: {len(content)} bytes")


if __name__ == "__main__":
    main(run)
