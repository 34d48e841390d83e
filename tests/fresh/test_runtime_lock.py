"""What users run needs the run-time lock and nothing that only development has."""

import re

import environments
import pytest
from oictools import settings

REQUIREMENTS = settings.ROOT / "requirements"
NAME = re.compile(r"^([a-z0-9._-]+)==", re.MULTILINE)
#: what only some versions of Python need: by the markers of requirements/odoo.in, and
#: what the pyhanko that goes with their lxml needs
ONLY = {
    "3.11": {"pypdf2", "click", "defusedxml"},
    "3.12": {"pypdf2", "click", "defusedxml", "lxml-html-clean"},
    "3.13": {"pypdf", "lxml-html-clean"},
}
pytestmark = [pytest.mark.slow, pytest.mark.early]


def locked(kind, version):
    """The names of what a lock holds."""
    return set(NAME.findall((REQUIREMENTS / f"{kind}-{version}.txt").read_text()))


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_the_runtime_lock_is_whole(version):
    path = environments.pythons().get(version)
    if not path:
        pytest.skip(f"this machine has no Python {version} with its headers")
    assert environments.faults(version, path) == ""


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_the_locks_of_all_pythons_name_the_same(version):
    common = set.intersection(*(locked("runtime", each) for each in ONLY))
    assert locked("runtime", version) - common == ONLY[version]


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_the_lock_of_development_holds_that_of_users(version):
    """The same versions: tests run with what users have."""
    users = (REQUIREMENTS / f"runtime-{version}.txt").read_text()
    developers = (REQUIREMENTS / f"dev-{version}.txt").read_text()
    pins = re.findall(r"^[a-z0-9._-]+==\S+", users, re.MULTILINE)
    assert [pin for pin in pins if f"\n{pin} " not in f"\n{developers}"] == []
