"""Deliveries as builders make them: what is applied is the truth less what is named.

``OIC_DIRTY_DELIVERIES`` says how many: fifty here, a thousand by ``make bench``.
"""

import os

import pytest
from generator import gracethd_dirty
from generator.gracethd_dirty import Case
from gracethd_dirty_stage import DirtyImport
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo_process import environment, registry

MANY = settings(
    max_examples=int(os.environ.get("OIC_DIRTY_DELIVERIES", "50")),
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
#: cases that failed once
FAILED = (
    # The kind of a box that is not known: it was taken for a splice box
    Case(seed=3, faults=(("box_without_kind", 42),)),
    # Behind the drawer, a fibre that was not there: no route, and no word
    Case(seed=3, faults=(("fibre_without_cable", 42),)),
    # A splice whose fibre has no key, and a tray whose box has none
    Case(seed=3, faults=(("key_void", 42),)),
    # Routes that break off by themselves are not those that faults break
    Case(
        2,
        46,
        "3.0",
        (("gaps", 0.1), ("no_kind", 0.3), ("no_tray", 0.3)),
        (
            ("day_in_another_form", 29),
            ("cell_unreadable", 325),
            ("day_in_another_form", 46),
            ("key_doubled", 533),
        ),
    ),
    # Drops whose PTO has no key, or is of no known kind
    Case(
        1,
        13,
        "3.0",
        (("gaps", 0.1), ("no_tray", 0.3)),
        (
            ("box_without_kind", 704),
            ("key_void", 203),
            ("key_void", 505),
            ("fibre_without_cable", 36),
            ("table_of_another_version", 461),
        ),
    ),
)
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
    },
)
cases = st.builds(
    Case,
    pms=st.integers(1, 2),
    seed=st.integers(0, 99),
    version=st.sampled_from(("2.0.2", "3.0")),
    traits=_traits.map(lambda found: tuple(sorted(found.items()))),
    faults=_faults.map(tuple),
)


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


def bring(base, case):
    """Bring a case to a network, compare it with the truth, and take it back."""
    with environment(base) as env:
        try:
            DirtyImport(env, case).check()
        except Exception as error:
            error.add_note(repr(case))
            raise
        finally:
            env.cr.rollback()


@pytest.mark.parametrize("version", ["2.0.2", "3.0"])
def test_without_faults_the_whole_truth_is_applied(base, version):
    bring(base, Case(pms=2, seed=7, version=version))


@pytest.mark.parametrize("fault", sorted(gracethd_dirty.FAULTS))
def test_each_fault_costs_what_the_verdict_names(base, fault):
    for number in range(2):
        bring(base, Case(seed=3, faults=((fault, 37 * number + 5),)))


@pytest.mark.parametrize("case", FAILED, ids=repr)
def test_what_failed_once(base, case):
    bring(base, case)


def test_faults_combined_cost_what_the_verdict_names(base):
    @MANY
    @given(cases)
    def property_holds(case):
        bring(base, case)

    property_holds()
