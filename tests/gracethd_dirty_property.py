"""The property of dirty deliveries: applied is the truth less what is named.

Cases are drawn by seeds: the same number of them are the same cases.
"""

from dataclasses import dataclass

from generator import gracethd_dirty
from generator.gracethd_dirty import Case
from gracethd_dirty_stage import DirtyImport
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

_faults = st.lists(
    st.tuples(st.sampled_from(sorted(gracethd_dirty.FAULTS)), st.integers(0, 999)),
    max_size=6,
)
_traits = st.fixed_dictionaries(
    {},
    optional={
        "no_tray": st.just(0.3),
        "no_kind": st.just(0.3),
        "gaps": st.just(0.1),
        "loops": st.just(0.1),
    },
)
CASES = st.builds(
    Case,
    pms=st.integers(1, 2),
    seed=st.integers(0, 99),
    version=st.sampled_from(("2.0.2", "3.0")),
    traits=_traits.map(lambda found: tuple(sorted(found.items()))),
    faults=_faults.map(tuple),
)


@dataclass
class Tally:
    """Deliveries that were compared with their truth, their faults and their rows."""

    deliveries: int = 0
    faults: int = 0
    rows: int = 0


def bring(env, case):
    """Bring a case to a network, compare it with the truth, and take it back.

    :return: its ``Delivery``
    """
    try:
        brought = DirtyImport(env, case)
        brought.check()
    except Exception as error:
        error.add_note(repr(case))
        raise
    finally:
        env.cr.rollback()
    return brought.delivery


def hold(env, count, tally):
    """Bring so many cases drawn by seeds, and count them in a ``Tally``.

    :raises AssertionError: of a case for which the property does not hold
    """

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(CASES)
    def property_holds(case):
        delivery = bring(env, case)
        tally.deliveries += 1
        tally.faults += delivery.fault_count
        tally.rows += sum(map(len, delivery.tables.values()))

    property_holds()
