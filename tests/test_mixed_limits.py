"""The verdict of the mixed load: each broken limit is reported, and no other."""

import importlib.util
from pathlib import Path

import pytest

# Not by its package, which needs Odoo.
_spec = importlib.util.spec_from_file_location(
    "mixed_limits", Path(__file__).parent / "bench" / "mixed_limits.py"
)
limits = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(limits)


def found(**changed):
    """A load of an hour on which nothing is to be said, but for ``changed``."""
    return limits.Found(
        **{
            "warm_up": 600,
            "pages": pages(lambda _at: 100),
            "receipts": samples(lambda _at: 10.0),
            "unanswered": 0,
            "errors": [],
            "memory": {"web 1": samples(lambda _at: 300.0)},
            "queue": samples(lambda _at: 3),
            "bloat": {"oiconnect_event": (10_000, 2_000)},
        }
        | changed
    )


def samples(value):
    return [(at, value(at)) for at in range(0, 3600, 30)]


def pages(ms):
    return [limits.Page(at, "list", "a list", ms(at)) for at in range(0, 3600, 30)]


def test_a_load_on_which_nothing_is_to_be_said():
    assert limits.broken(found()) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"pages": pages(lambda at: 900 if at % 300 == 0 else 100)}, "pages p95: 900"),
        ({"pages": []}, "no pages"),
        ({"receipts": samples(lambda _at: 31.0)}, "receipts p95: 31"),
        ({"receipts": []}, "no receipts"),
        ({"unanswered": 2}, "2 files without a receipt"),
        ({"errors": ["web: ERROR"]}, "error: web: ERROR"),
        ({"memory": {"web 1": samples(lambda at: 300 + at / 60)}}, "memory of web 1"),
        ({"memory": {"postgres 1": samples(lambda at: at)}}, "memory of postgres 1"),
        ({"queue": samples(lambda at: at)}, "jobs that wait"),
        ({"bloat": {"oiconnect_event": (10_000, 5_000)}}, "table oiconnect_event"),
    ],
)
def test_each_broken_limit_is_reported_alone(changed, words):
    [reported] = limits.broken(found(**changed))
    assert reported.startswith(words)


@pytest.mark.parametrize(
    "changed",
    [
        # What was slow, large or many while processes warmed up
        {"pages": pages(lambda at: 5_000 if at < 590 else 100)},
        {"memory": {"web 1": samples(lambda at: 100 if at < 590 else 300)}},
        {"queue": samples(lambda at: 500 if at < 590 else 3)},
        {"receipts": samples(lambda at: 80 if at < 590 else 10)},
        # A process that ended early, before it had all, and one that gives memory back
        {"memory": {"web 1": samples(lambda at: 300 + at / 10)[:55]}},
        {"memory": {"web 1": samples(lambda at: 400 - at / 60)}},
        # A connection of PostgreSQL keeps what its largest query took.
        {"memory": {"postgres 1": samples(lambda at: 10 if at < 1800 else 200)}},
        # A small table has rows that autovacuum leaves.
        {"bloat": {"oiconnect_flow": (10, 100)}},
    ],
)
def test_what_is_no_fault(changed):
    assert limits.broken(found(**changed)) == []
