"""The first command of the README, typed on a machine that has nothing else."""

import json
from contextlib import contextmanager

PAGE = "http://127.0.0.1:8069/web/login"
CLONE = "/home/maria/oiconnect"
RECORD = "first-run.json"


def everything(machine):
    """What of the user's lies in its home and in /tmp, but for the clone.

    And for the folders of its last three runs, which pytest takes away itself.
    """
    home = CLONE.rpartition("/")[0]
    skipped = f"\\( -path {CLONE} -o -path '/tmp/pytest-of-*' \\)"
    script = f"find {home} /tmp {skipped} -prune -o -user maria -print 2>/dev/null"
    return machine.run("maria", script).stdout.splitlines()


@contextmanager
def at_work(machine):
    """Clone and run: (the command once the log-in page is there, seconds until then)"""
    machine.run("maria", "rm -rf oiconnect", check=True)
    script = "git clone -q /srv/oiconnect.git oiconnect && cd oiconnect && make run"
    with machine.running("maria", script) as command:
        seconds = command.wait_for_page(PAGE)
        command.wait_for_line("Ctrl-C stops it")
        yield command, seconds


def run(machine):
    """Clone, run to the log-in page, Ctrl-C; return and keep a record of it."""
    before = everything(machine)
    with at_work(machine) as (command, seconds):
        silence = command.longest_silence()
        command.interrupt()
        command.wait_for_end_of_all()
    record = {
        "tree": machine.tree,
        "before": before,
        "seconds": round(seconds, 1),
        "silence": round(silence, 1),
        "output": command.text,
    }
    (machine.root.parent / RECORD).write_text(json.dumps(record))
    return record


def recorded(machine):
    """The record of the first run of what is published now, made if need be."""
    path = machine.root.parent / RECORD
    known = json.loads(path.read_text()) if path.exists() else {}
    return known if known.get("tree") == machine.tree else run(machine)
