"""restore.sh: makes the database of a backup again, with its files and its key."""

import argparse

from oictools.console import main, say
from oictools.restore import restore


def options():
    parser = argparse.ArgumentParser(prog="restore.sh", description=__doc__)
    parser.add_argument("backup", help="a folder that backup.sh made")
    parser.add_argument(
        "--database", metavar="NAME", help="another name than that of the backup"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="replace the database of that name and the key of secrets",
    )
    parser.add_argument(
        "--neutralize",
        action="store_true",
        help="a staging copy: it speaks to no server and names no end customer",
    )
    return parser.parse_args()


def bring_back():
    chosen = options()
    name = restore(
        chosen.backup,
        chosen.database,
        force=chosen.force,
        neutralize=chosen.neutralize,
    )
    say(f"the database {name} is restored")


if __name__ == "__main__":
    main(bring_back, stop_server=True)
