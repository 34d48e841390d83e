"""Pages of the documentation: all that they load comes from this server."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from . import ROOT

_GUIDES = Path(__file__).parents[1] / "guides"
_PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name} – API REST</title>
<link rel="stylesheet" href="{root}/docs/swagger-ui.css">
<link rel="stylesheet" href="/oiconnect_api/static/api/docs.css">
<link rel="icon" href="/oiconnect_base/static/description/icon.png">
<style>{style}</style>
</head>
<body>
<nav aria-label="Documentation">
{logo}
<strong>API REST</strong>
{links}
<a href="{root}/docs">Référence</a>
</nav>
<main>{content}</main>
{scripts}
<script src="/oiconnect_api/static/api/docs.js"></script>
</body>
</html>
"""
_SEARCH = (
    '<input id="search" type="search" placeholder="Chercher dans les guides"'
    ' aria-label="Chercher dans les guides">'
    '<p id="nothing" hidden>Aucun guide ne contient ces mots.</p>'
)
_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>)", re.DOTALL)
_SIGN = re.compile(r" ([:;?!»])")
_LOGO = Markup('<img src="/logo.png?company={}" alt="{}">')
_TYPES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}


class Guide(NamedTuple):
    """A page of ``guides/``: its name in addresses, its title, its HTML."""

    name: str
    title: str
    body: str


@cache
def guides():
    """Return the guides, in the order of their files."""
    return [_read(path) for path in sorted(_GUIDES.glob("*.html"))]


def reference(company):
    """Return the page that shows the OpenAPI document, with the brand of a company."""
    bundle = f'<script src="{ROOT}/docs/swagger-ui-bundle.js"></script>'
    return _page(company, '<div id="documentation"></div>', bundle)


def guide_page(company):
    """Return all guides on one page, where a browser finds any word."""
    return _page(company, _SEARCH + _articles())


@cache
def _articles():
    return "\n".join(
        f'<article id="{guide.name}">{guide.body}</article>' for guide in guides()
    )


@cache
def asset(name):
    """Return ``(bytes, media type)`` of a file of the pages; None if there is none."""
    if name not in _TYPES:
        return None
    content = files("fastapi_offline").joinpath("static", name).read_bytes()
    return content, _TYPES[name]


def _page(company, content, scripts=""):
    name = escape(company.name)
    links = "\n".join(
        f'<a href="{ROOT}/docs/guides#{guide.name}">{guide.title}</a>'
        for guide in guides()
    )
    return _PAGE.format(
        root=ROOT,
        links=links,
        content=content,
        scripts=scripts,
        name=name,
        logo=name if company.uses_default_logo else _LOGO.format(company.id, name),
        style=company._brand_style(),
    )


def _read(path):
    """Read a guide; French has no line break before its double signs."""
    parts = _CODE.split(path.read_text(encoding="utf-8"))
    parts[::2] = [_SIGN.sub("\N{NO-BREAK SPACE}\\1", text) for text in parts[::2]]
    body = "".join(parts)
    title = re.search(r"<h1>(.*?)</h1>", body)[1]
    return Guide(path.stem.partition("_")[2], title, body)
