"""Hypothesis strategies of small GraceTHD networks, and of tangles of positions."""

from hypothesis import strategies as st

from .gracethd import Network, Traits

shares = st.sampled_from((0.0, 0.0, 0.1, 0.5, 1.0))

traits = st.builds(
    Traits,
    splitters=shares,
    gaps=st.sampled_from((0.0, 0.1, 0.5)),
    loops=st.sampled_from((0.0, 0.1, 0.5)),
    written_back=shares,
    no_tray=shares,
    no_kind=shares,
    spares=st.integers(0, 2),
    dwellings=st.sampled_from(((1, 3), (4, 12), (10, 30))),
)
#: networks of one or two PMs
networks = st.builds(Network, st.integers(1, 2), st.integers(0, 2**20), traits)

# Fibres of a tangle: eight of them, two that the delivery does not have, or none
_fibres = st.one_of(st.integers(0, 7), st.integers(0, 9), st.none())
#: positions of a tangle: (ps_1, ps_2, whether it waits); the first is in a drawer
tangles = st.lists(
    st.tuples(_fibres, _fibres, st.booleans()), min_size=1, max_size=9
).filter(lambda positions: positions[0][1] is not None and positions[0][1] < 8)
