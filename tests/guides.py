"""What the guides show, as it is written there: programs, commands, forms."""

import re

from lxml import html
from oictools import settings

FOLDER = settings.ADDONS / "oiconnect_api" / "guides"
PRODUCTION = settings.ROOT / "docs" / "production.md"
BLOCK = re.compile(r"^ *```\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
ROW = re.compile(r"^ *\| (.*?)\| \*(.+?)\* \| (.+) \|$", re.MULTILINE)


def program(name):
    """Return the source of a program that one of the guides of the API shows."""
    for file in FOLDER.glob("*.html"):
        page = html.fromstring(f"<div>{file.read_text(encoding='utf-8')}</div>")
        if found := page.xpath("//code[@id=$name]", name=name):
            return found[0].text_content()
    raise KeyError(name)


def _section(title):
    """Return the text of a section of docs/production.md."""
    parts = re.split(r"^## (.+)$", PRODUCTION.read_text(), flags=re.MULTILINE)
    return parts[parts.index(title) + 1]


def commands(title):
    """Return the blocks of commands of a section, each a list of lines."""
    blocks = BLOCK.findall(_section(title))
    return [[line.strip() for line in block.splitlines()] for block in blocks]


def forms(title):
    """Return ``[(screen, {label: value})]`` of the tables of a section."""
    found = []
    for row in ROW.findall(_section(title)):
        screen, label, value = (part.strip(" *") for part in row)
        if screen:
            found.append((screen, {}))
        found[-1][1][label] = value
    return found
