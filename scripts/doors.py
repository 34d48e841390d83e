"""Writes the list of addresses that Odoo serves, and the part of the proxy made of it.

Of the database of `make run`, or of the one that is named: doors.py [DATABASE]
"""

import sys

from oictools import doors, settings
from oictools.console import Failure, main, say


def write():
    [database] = sys.argv[1:] or [settings.DATABASE]
    doors.write_list(database)
    found = doors.read_list(doors.LIST.read_text(encoding="utf-8"))
    doors.PROXY.write_text(doors.proxy_conf(found), encoding="utf-8")
    unexplained = [
        door["path"]
        for door in found
        if not door["why"] and door["auth"] in ("none", "public")
    ]
    if unexplained:
        raise Failure(
            f"{len(unexplained)} addresses need no log-in: {', '.join(unexplained)}",
            f"They are closed. Say in {doors.LIST} to whom each is open, and why;",
            "then: make doors",
        )
    say(f"{len(found)} addresses: {doors.LIST}, {doors.PROXY}")


if __name__ == "__main__":
    main(write)
