"""Plan of what `make test` runs: the addons' tests, those of tests/, or a part."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from oictools import settings, sources
from oictools.console import Failure

E2E = settings.ROOT / "tests"
#: arguments with which somebody looks on: one process, at the terminal
WATCHED = {"-s", "--pdb", "--capture=no"}


@dataclass
class Part:
    """One pytest run, shared out among processes."""

    name: str
    paths: list
    arguments: list
    processes: int

    @property
    def is_watched(self):
        return not self.processes

    @property
    def command(self):
        command = [sys.executable, "-m", "pytest", "-p", "testrun.plugin"]
        if not self.is_watched:
            command += ["-n", str(self.processes), "--dist", "loadscope"]
            command += ["--no-loadscope-reorder", "--max-worker-restart", "2"]
        return [*command, *self.arguments, *self.paths]


def split(words):
    """(paths among the addons, other paths, options) of the command line."""
    paths = [
        word
        for word in words
        if not word.startswith("-") and Path(word.split("::")[0]).exists()
    ]
    options = [word for word in words if word not in paths]
    lost = [word for word in options if word.startswith(("addons/", "tests/"))]
    if lost:
        raise Failure(f"no such path: {', '.join(lost)}", "Nothing was run.")
    if not paths:
        addons = sources.present(demo=True)
        paths = [str(settings.ADDONS / name) for name in addons] + [str(E2E)]
    absolute = [str(Path(word).absolute()) for word in paths]
    addons = [
        word
        for word in absolute
        if Path(word.split("::")[0]).is_relative_to(settings.ADDONS)
    ]
    return addons, [word for word in absolute if word not in addons], options


def processes_for(paths, options):
    """Return how many processes run: one per core, at most one per file."""
    if WATCHED.intersection(options):
        return 0
    cores = int(os.environ.get("OIC_TEST_PROCESSES") or os.cpu_count() or 1)
    folders = [path for path in paths if Path(path).is_dir()]
    return cores if folders else min(cores, len(paths))


def addons_part(paths, options, template):
    arguments = ["--odoo-http", f"--odoo-database={template}"]
    # One process serves all tests, some with fifty threads: Odoo's limit on its address
    # space is one of servers, and far from the memory that they take.
    arguments += ["--odoo-extra=limit-memory-hard=0"]
    arguments += ["--odoo-log-level=critical", *options]
    return Part("addons", paths, arguments, processes_for(paths, options))


def end_to_end_part(paths, options):
    arguments = ["-p", "no:odoo", *options]
    return Part("end to end", paths, arguments, processes_for(paths, options))
