"""backup.sh: the database, its files and the key of secrets, whole or not at all."""

import argparse

from oictools import backup, settings
from oictools.console import main


def options():
    parser = argparse.ArgumentParser(prog="backup.sh", description=__doc__)
    parser.add_argument(
        "folder",
        nargs="?",
        default=settings.HOME / "backups",
        help="where the backup becomes a folder of its own (%(default)s)",
    )
    parser.add_argument(
        "--database", default=settings.DATABASE, metavar="NAME", help="(%(default)s)"
    )
    return parser.parse_args()


def back_up():
    chosen = options()
    print(backup.make(chosen.database, chosen.folder))


if __name__ == "__main__":
    main(back_up, stop_server=True)
