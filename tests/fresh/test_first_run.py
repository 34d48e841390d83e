"""A user follows the README on a machine that has what it names, and nothing else."""

import first_run
import pytest
from machine import CannotMake, Machine

pytestmark = [pytest.mark.slow, pytest.mark.early]
#: seconds without a word after which a user wonders whether it hangs; on a machine that
#: other tests load. Alone, scripts/lib.sh and oictools/console.py say one every 4.
SILENCE = 15
HOME = first_run.CLONE.rpartition("/")[0]


@pytest.fixture(scope="module")
def machine():
    try:
        return Machine().ensure()
    except CannotMake as reason:
        pytest.skip(str(reason))


def everything(machine):
    """What lies in the home of the user and in /tmp, but for the clone."""
    script = f"find {HOME} /tmp -path {first_run.CLONE} -prune -o -print"
    return set(machine.run("maria", script, check=True).stdout.split("\n"))


def test_a_user_follows_the_readme(machine):
    before = everything(machine)
    first = first_run.recorded(machine)
    assert first["silence"] < SILENCE, first["output"]
    assert "admin / admin" in first["output"]
    with machine.running("maria", "cd oiconnect && make run") as second:
        second.wait_for_page(first_run.PAGE)
        assert "creating the database" not in second.text
        second.wait_for_line("Ctrl-C stops it")
        played = machine.run("maria", "cd oiconnect && make demo-oc", check=True).stdout
        assert "Facture en brouillon" in played, played
        assert "troubleTicketClosureLabel" in played, played
        second.interrupt()
        second.wait_for_end_of_all()
    asked = 'make test ARGS="addons/oiconnect_base -k workflow"'
    tests = machine.run("maria", f"cd oiconnect && {asked}").stdout
    assert " 0 failed" in tests.splitlines()[-1], tests
    assert not tests.splitlines()[-1].startswith("0 passed"), tests
    machine.run("maria", "cd oiconnect && make clean", check=True)
    left = machine.run("maria", "cd oiconnect && git status --porcelain --ignored")
    assert left.stdout == ""
    assert everything(machine) - before == set()
    assert machine.processes() == []
