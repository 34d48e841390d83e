"""Downloads a package that Debian's archive no longer has, from its snapshots.

fetch_snapshot.py PACKAGE VERSION FOLDER: its caller checks what came by its SHA-256.
"""

import json
import sys
import urllib.parse
import urllib.request
from pathlib import Path

SNAPSHOT = "https://snapshot.debian.org"
TIMEOUT = 60


def read(path):
    return urllib.request.urlopen(f"{SNAPSHOT}{path}", timeout=TIMEOUT)


def fetch(package, version, folder):
    quoted = urllib.parse.quote(version)
    with read(f"/mr/binary/{package}/{quoted}/binfiles") as answer:
        found = json.load(answer)["result"]
    target = Path(folder) / f"{package}_{version}_all.deb"
    with read(f"/file/{found[0]['hash']}") as source, target.open("wb") as file:
        while block := source.read(1 << 20):
            file.write(block)


if __name__ == "__main__":
    fetch(*sys.argv[1:])
