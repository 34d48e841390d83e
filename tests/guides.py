"""The programs that the guides of the API show, as they are written there."""

from lxml import html
from oictools import settings

FOLDER = settings.ADDONS / "oiconnect_interop" / "guides"


def program(name):
    """Return the source of a program that one of the guides shows."""
    for file in FOLDER.glob("*.html"):
        page = html.fromstring(f"<div>{file.read_text(encoding='utf-8')}</div>")
        if found := page.xpath("//code[@id=$name]", name=name):
            return found[0].text_content()
    raise KeyError(name)
