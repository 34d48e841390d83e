"""Helpers that all pages of an operator's space share."""

from contextlib import contextmanager
from functools import wraps

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.oiconnect_base.log_format import note_operator
from odoo.addons.portal.controllers.portal import pager

from ..guide_pages import topic_of
from ..models.space import ROWS
from ..pages import MORE, PAGES

ROOT = "/my/oiconnect"
_NOTICE = "oiconnect_notice"


def route(*paths, **options):
    """Declare a page of the space: of a person of an operator, and of no one else.

    What a person may not see is as unknown as what does not exist.
    """
    places = [f"{ROOT}{path}" for path in paths or [""]]

    def decorate(method):
        @http.route(places, type="http", auth="user", website=True, **options)
        @wraps(method)
        def answer(self, *args, **kwargs):
            operator = space()._operator()
            note_operator(operator.interop_code)
            if not operator:
                return request.render("oiconnect_portal.nobody", {"no_breadcrumbs": 1})
            if any("\0" in text for text in kwargs.values() if isinstance(text, str)):
                raise NotFound
            try:
                return method(self, *args, **kwargs)
            except (AccessError, MissingError):
                raise NotFound from None

        return answer

    return decorate


def space():
    return request.env["oiconnect.portal.space"]


def find(key, record_id):
    """Return ``(page, record)`` of an address, or say that there is nothing (404)."""
    if key not in PAGES:
        raise NotFound
    return PAGES[key], space()._find(PAGES[key], record_id)


def render(template, key="", **values):
    """Return a page of the space; ``key`` is that of the menu which it is under."""
    lang = request.env._
    menu = [(page.key, page.icon, lang(page.title)) for page in PAGES.values()]
    menu += [(address, icon, lang(title)) for address, icon, title in MORE]
    notice = request.session.get(_NOTICE)
    if notice:
        request.session[_NOTICE] = None
    common = {
        "root": ROOT,
        "menu": menu,
        "key": key,
        "notice": notice,
        "operator": space()._operator(),
        "no_breadcrumbs": True,
        "guide": topic_of(key),
        "is_current": lambda address: address == key,
    }
    return request.render(f"oiconnect_portal.{template}", common | values)


def message_file(record, file_id):
    """Answer with a file of a message to the operator, on a record that it found."""
    file = space()._message_file(record, file_id)
    return file._to_http_stream().get_response(as_attachment=True)


def number(text, most=10**6):
    """Return the number that an address or a form gives, 0 where it gives none."""
    is_number = text.isdecimal() and len(text) < 10
    return min(int(text), most) if is_number else 0


def pages(path, total, shown, query):
    """Return the pager of a list, whose pages are a part of the question."""
    made = pager(f"{ROOT}{path}", total, shown, ROWS)
    for one in [value for value in made.values() if isinstance(value, dict)] + [
        one for one in made["pages"] if one["url"]
    ]:
        arguments = "&".join(filter(None, [query, f"page={one['num']}"]))
        one["url"] = f"{ROOT}{path}?{arguments}"
    return made


def go(path, notice=None, kind="success"):
    """Go to another page, which tells what was done."""
    if notice:
        request.session[_NOTICE] = [kind, str(notice)]
    return request.redirect(f"{ROOT}{path}")


@contextmanager
def refusals():
    """Show refusals on the next page; yield the list of their messages.

    What the person may not see stays an error: it is answered as unknown.
    """
    messages = []
    try:
        with request.env.cr.savepoint():
            yield messages
    except (AccessError, MissingError):
        raise
    except UserError as error:
        messages.append(str(error))
