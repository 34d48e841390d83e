"""Pages of the documentation: all that they load comes from this server."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from . import ROOT

_GUIDES = Path(__file__).parents[1] / "guides"
_PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OIConnect – API REST</title>
<link rel="stylesheet" href="{root}/docs/swagger-ui.css">
<link rel="stylesheet" href="/oiconnect_api/static/api/docs.css">
<link rel="icon" href="/oiconnect_base/static/description/icon.png">
</head>
<body>
<nav aria-label="Documentation">
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


@cache
def reference():
    """Return the page that shows the OpenAPI document."""
    bundle = f'<script src="{ROOT}/docs/swagger-ui-bundle.js"></script>'
    return _page('<div id="documentation"></div>', bundle)


@cache
def guide_page():
    """Return all guides on one page, where a browser finds any word."""
    articles = "\n".join(
        f'<article id="{guide.name}">{guide.body}</article>' for guide in guides()
    )
    return _page(_SEARCH + articles)


@cache
def asset(name):
    """Return ``(bytes, media type)`` of a file of the pages; None if there is none."""
    if name not in _TYPES:
        return None
    content = files("fastapi_offline").joinpath("static", name).read_bytes()
    return content, _TYPES[name]


def _page(content, scripts=""):
    links = "\n".join(
        f'<a href="{ROOT}/docs/guides#{guide.name}">{guide.title}</a>'
        for guide in guides()
    )
    return _PAGE.format(root=ROOT, links=links, content=content, scripts=scripts)


def _read(path):
    """Read a guide; French has no line break before its double signs."""
    parts = _CODE.split(path.read_text(encoding="utf-8"))
    parts[::2] = [_SIGN.sub("\N{NO-BREAK SPACE}\\1", text) for text in parts[::2]]
    body = "".join(parts)
    title = re.search(r"<h1>(.*?)</h1>", body)[1]
    return Guide(path.stem.partition("_")[2], title, body)
