"""Progress of long work: every few seconds it says what is at work."""

import re
import subprocess
import threading

import pytest
from oictools import console, odoo, settings

LOADING = "2026-12-01 10:00:00,000 7 INFO base odoo.modules.loading: {}\n"
DEMO = "2026-12-01 10:00:00,000 7 INFO base odoo.addons.oiconnect_demo.models.demo: {}"
# Seconds that may pass without a word
LIMIT = 5


class Clock:
    now = 0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def progress(clock):
    return odoo.Progress("install-run", "demo: ", clock)


@pytest.fixture
def shown(progress, capsys):
    """Return what is shown now, without the seconds of the whole command."""

    def tell():
        capsys.readouterr()
        progress.tell()
        return re.sub(r"^\[ *\d+s\] +", "", capsys.readouterr().err.rstrip())

    return tell


def test_the_step_is_shown_until_a_module_is_loaded(clock, shown):
    clock.now = 4
    assert shown() == "demo: install-run, 4 s"


def test_the_module_at_work_is_shown_with_its_seconds(clock, progress, shown):
    clock.now = 10
    progress.read(LOADING.format("Loading module mail (9/68)"))
    clock.now = 13.4
    assert shown() == "demo: module 9 of 68 (mail), 3 s"


def test_parts_of_the_demo_are_shown(clock, progress, shown):
    progress.read(LOADING.format("Loading module oiconnect_demo (68/68)"))
    progress.read(DEMO.format("the orders of accesses"))
    clock.now = 8
    assert shown() == (
        "demo: module 68 of 68 (oiconnect_demo): the orders of accesses, 8 s"
    )
    progress.read(LOADING.format("Loading module web (1/2)"))
    assert shown() == "demo: module 1 of 2 (web), 0 s"


def test_what_was_loaded_is_summed_up(progress):
    progress.read(LOADING.format("Module mail loaded in 3.21s, 9 queries"))
    progress.read("2026-12-01 10:00:00,000 7 WARNING base odoo.models: odd")
    assert progress.summary() == (
        "1 modules; longest: mail 3 s; 1 warnings or errors in the log"
    )


def test_a_heartbeat_beats_until_the_end():
    beaten = threading.Event()
    before = threading.active_count()
    with console.heartbeat(beaten.set, period=0):
        assert beaten.wait(30)
    assert threading.active_count() == before


def test_the_periods_are_short_enough():
    library = (settings.ROOT / "scripts" / "lib.sh").read_text()
    [period] = re.findall(r"^PROGRESS_PERIOD=(\d+)$", library, re.MULTILINE)
    assert max(console.PERIOD, int(period)) < LIMIT


def run_logged(command, folder):
    """Run a step of the set-up, whose first word of progress makes the file "shown"."""
    script = f"""
        . scripts/lib.sh
        PROGRESS_PERIOD=0.02
        say() {{ printf '%s\\n' "$*"; : >"{folder}/shown"; }}
        run_logged stage 30 sh -c '{command}'
    """
    return subprocess.run(
        ["bash", "-c", script],
        cwd=settings.ROOT,
        env={"PATH": "/usr/bin:/bin", "OIC_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_step_of_the_set_up_tells_the_last_line_of_its_log(tmp_path):
    until_shown = f"until [ -e {tmp_path}/shown ]; do :; done"
    done = run_logged(f"echo Collecting lxml; {until_shown}", tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("  stage, 0 s: ")
    assert "Collecting lxml" in (tmp_path / "home" / "log" / "stage.log").read_text()


def test_a_bar_of_progress_is_not_cut_within_a_character(tmp_path):
    until_shown = f"until [ -e {tmp_path}/shown ]; do :; done"
    done = run_logged(f"echo a{'━' * 40}; {until_shown}", tmp_path)
    assert done.returncode == 0
    assert f": a{'━' * 23}\n" in done.stdout


def test_a_step_that_fails_shows_its_log(tmp_path):
    done = run_logged("echo No space left; exit 3", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("No space left\n(whole log: ")
