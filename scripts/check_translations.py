"""make lint's check of the French translations; with --update, make i18n."""

import sys

from oictools import settings, terms
from oictools.console import main, say


def check():
    bad = 0
    for addon, exported in terms.export().items():
        path = terms.french_path(addon).relative_to(settings.ROOT)
        for what, term in terms.faults(addon, exported):
            bad += 1
            print(f"{path}: {what}: {term[:100]!r}")
    if bad:
        print(
            f"{bad} faults. `make i18n` refreshes the files: translate what is empty."
        )
    return 1 if bad else 0


def update():
    for addon, exported in terms.export().items():
        waiting = terms.update(addon, exported)
        say(f"{addon}: {len(exported)} terms, {waiting} to translate")


if __name__ == "__main__":
    main(update if "--update" in sys.argv else check)
