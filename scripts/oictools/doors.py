"""The list of the addresses that Odoo serves, and what the proxy knows of it."""

import csv
import re
from io import StringIO

from oictools import odoo, settings

LIST = settings.ROOT / "addons" / "oiconnect_base" / "security" / "doors.csv"
PROXY = settings.ROOT / "docker" / "proxy" / "doors.conf"
#: what the router of the database serves, as a file
READ = """
from pathlib import Path
from odoo.addons.oiconnect_base import doors
rules = env["ir.http"].routing_map().iter_rules()
found = {{rule.rule: doors.Door.of(rule) for rule in rules}}
known = doors.listed()
# Doors that are closed in a database which has more of Odoo's modules
rows = [door for path, door in known.items() if path not in found and door.is_shut]
for path, door in found.items():
    if path in known and known[path].auth == door.auth:
        old = known[path]
        door = door._replace(open_to=old.open_to, rate=old.rate, why=old.why)
    rows.append(door)
import csv
with Path({path!r}).open("w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\\n")
    writer.writerow(doors.Door._fields)
    writer.writerows(sorted(rows))
"""
HEAD = """\
# Made by `make doors` from addons/oiconnect_base/security/doors.csv; the rest is 404.
"""
#: what stands in an address for what changes
CONVERTERS = {"int": r"\d+", "path": ".+"}
PART = re.compile(r"<(?:(\w+)(?:\([^<>]*\))?:)?(\w+)>")
#: pages may have their language before them
LANGUAGE = r"(?:/[a-z]{2,3}(?:[_@]\w+)?)?"
STATIC = r"^/[a-z]\w*/static/"


def write_list(database, path=LIST):
    """Write what a database serves; what is new stays closed until it has a reason."""
    odoo.python(database, READ.format(path=str(path)), "doors")


def read_list(text):
    return list(csv.DictReader(StringIO(text)))


def proxy_conf(doors):
    """Return the lines of the proxy's map: pattern of an address → what counts it."""
    lines = [_line(STATIC, "open")]
    for door in doors:
        if door["open_to"] in ("anybody", "people") and door["path"] != "/websocket":
            lines.append(_line(pattern(door), door["rate"] or "open"))
    return HEAD + "".join(lines)


def _line(expression, value):
    return f'"~{expression}" {value};\n'


def pattern(door):
    """Return the regular expression of the addresses of a door."""
    path = door["path"].rstrip("/")
    parts = []
    end = 0
    for part in PART.finditer(path):
        parts += [re.escape(path[end : part.start()])]
        parts += [CONVERTERS.get(part[1], "[^/]+")]
        end = part.end()
    parts.append(re.escape(path[end:]))
    language = LANGUAGE if door["type"] == "http" else ""
    return f"^{language}{''.join(parts)}/?$"
