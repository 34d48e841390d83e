"""Known vulnerabilities of the locked packages.

make lint reports them, make vulnerabilities asks the index again.
requirements/vulnerabilities.json has its date; `known`, by locked version; `answered`:
the versions of which the index said whether it knows any; and `accepted`, written by
people: why a known one does not stop us. PyPI has a field for it; where a mirror has
none, what was entered by hand stays.
"""

import json
import os
import re
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from oictools import settings
from oictools.console import Failure, main

REQUIREMENTS = settings.ROOT / "requirements"
DATA = REQUIREMENTS / "vulnerabilities.json"
INDEX = os.environ.get("OIC_VULNERABILITIES_URL", "https://pypi.org")
PIN = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
TIMEOUT = 30
THREADS = 8


def locked():
    """Return the pins of all locks: {"jinja2==3.1.6"}."""
    return {
        f"{name}=={version}"
        for lock in REQUIREMENTS.glob("*.txt")
        for name, version in PIN.findall(lock.read_text())
    }


def report():
    """Print what is known of the locks; a failure names what is not accepted."""
    data = json.loads(DATA.read_text())
    pins = locked()
    found = {pin: known for pin, known in data["known"].items() if pin in pins}
    numbers = {number for known in found.values() for number in known}
    unknown = pins - set(data["answered"])
    print(
        f"vulnerabilities: as known on {data['date']}, by {data['source']}: "
        f"{len(numbers)} in {len(found)} of {len(pins)} locked packages; the index has "
        f"said nothing of {len(unknown)}"
    )
    for pin, known in sorted(found.items()):
        for number, fixed in sorted(known.items()):
            reason = data["accepted"].get(number, "NOT ACCEPTED")
            print(f"  {pin}: {number} (fixed in {fixed}): {reason}")
    open_ones = sorted(numbers - data["accepted"].keys())
    if open_ones:
        raise Failure(
            f"known vulnerabilities in the locks: {', '.join(open_ones)}.",
            "Raise the packages: requirements/compile.sh --upgrade-package NAME",
            f"Or write into `accepted` of {DATA.name} why they may stay.",
        )


def refresh(today):
    """Ask the index about each locked version."""
    data = json.loads(DATA.read_text())
    pins = sorted(locked())
    with ThreadPoolExecutor(THREADS) as pool:
        answers = dict(zip(pins, pool.map(ask, pins), strict=True))
    answered = {pin: known for pin, known in answers.items() if known is not None}
    if not answered:
        raise Failure(
            f"{INDEX} says nothing of vulnerabilities: data stay of {data['date']}.",
            "Use an index that does: OIC_VULNERABILITIES_URL=https://pypi.org",
        )
    others = {pin: data["known"][pin] for pin in data["known"].keys() - answered.keys()}
    known = others | {pin: found for pin, found in answered.items() if found}
    data |= {"date": today, "source": INDEX, "answered": sorted(answered)}
    data["known"] = dict(sorted(known.items()))
    DATA.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    report()


def ask(pin):
    """Return ``{number: versions that fix it}``; None where the index does not say.

    Numbers are those of CVE where there is one.
    """
    name, version = pin.split("==")
    try:
        with urllib.request.urlopen(
            f"{INDEX}/pypi/{name}/{version}/json", timeout=TIMEOUT
        ) as answer:
            entries = json.load(answer).get("vulnerabilities")
    except (urllib.error.URLError, TimeoutError, ValueError):
        return None
    if entries is None:
        return None
    return {
        number_of(entry): ", ".join(entry.get("fixed_in") or []) or "no version"
        for entry in entries
        if not entry.get("withdrawn")
    }


def number_of(entry):
    numbers = [*(entry.get("aliases") or []), entry["id"]]
    return next((name for name in numbers if name.startswith("CVE-")), entry["id"])


if __name__ == "__main__":
    if sys.argv[1:] == ["--refresh"]:
        import datetime

        main(lambda: refresh(datetime.date.today().isoformat()))
    else:
        main(report)
