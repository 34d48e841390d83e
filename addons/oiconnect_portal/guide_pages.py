"""Pages of help of the space, in French: each is named after the page that it explains.

``guide/20_page.html`` is about the page ``page``, in the order of the numbers; of pages
that share one, ``SHARED`` says which.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from lxml import html
from markupsafe import Markup

#: the page that explains how the space is used
HOME = "accueil"
SHARED = dict.fromkeys(
    ("commandes-pm", "commandes-pb", "commandes-liens"), "commandes-reseau"
)


class Topic(NamedTuple):
    key: str
    title: str
    body: Markup


@cache
def topics():
    """Return ``{key: topic}``, in the order in which they are listed."""
    found = [
        file
        for file in files(__package__).joinpath("guide").iterdir()
        if file.name.endswith(".html")
    ]
    read = map(_read, sorted(found, key=lambda file: file.name))
    return {topic.key: topic for topic in read}


def topic_of(page):
    """Return the key of the topic of a page of the space, the first page's for none."""
    key = SHARED.get(page, page or HOME)
    return key if key in topics() else None


def _read(file):
    source = file.read_text(encoding="utf-8")
    title = html.fragment_fromstring(source, create_parent=True).findtext("h1")
    key = file.name.removesuffix(".html").partition("_")[2]
    # Written by us, with no word of a user.
    return Topic(key, title, Markup(source))
