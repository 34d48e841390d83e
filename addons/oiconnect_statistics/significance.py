"""Whether an operator's rate differs from that of the others. Plain Python.

Two-proportion z test of each operator against all others together, with the pooled
variance. The answers of one indicator are corrected for several comparisons by Holm's
method; who asks for several indicators divides the level by their number. A comparison
of which one cell is expected below five says nothing: normal approximation needs more.
"""

from math import erfc, sqrt
from typing import NamedTuple

LEVEL = 0.05
# Quantile of the interval of 95 %
QUANTILE = 1.959964
LEAST_EXPECTED = 5

HIGHER, LOWER, SAME, FEW = "higher", "lower", "same", "few"


class Verdict(NamedTuple):
    """Result of a comparison; ``p_value`` is None when it was not made."""

    mark: str
    p_value: float | None


def wilson(failed, total, quantile=QUANTILE):
    """Return the limits of the share ``failed / total``, by Wilson's interval."""
    if not total:
        return 0.0, 1.0
    share, square = failed / total, quantile**2
    middle = share + square / (2 * total)
    half = quantile * sqrt(share * (1 - share) / total + square / (4 * total**2))
    scale = 1 + square / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def two_proportions(failed, total, other_failed, other_total):
    """Return the two-sided p value that both shares are one, None with too few."""
    everything = total + other_total
    if not total or not other_total:
        return None
    pooled = (failed + other_failed) / everything
    least = min(total, other_total) * min(pooled, 1 - pooled)
    if least < LEAST_EXPECTED:
        return None
    deviation = sqrt(pooled * (1 - pooled) * (1 / total + 1 / other_total))
    distance = abs(failed / total - other_failed / other_total)
    return erfc(distance / deviation / sqrt(2))


def holm(p_values, level=LEVEL):
    """Return for each p value whether it stays significant among all of them."""
    significant = [False] * len(p_values)
    ranked = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, index in enumerate(ranked):
        if p_values[index] > level / (len(p_values) - rank):
            break
        significant[index] = True
    return significant


def compare(counts, level=LEVEL):
    """Return a verdict on each operator against all others together.

    :param counts: ``{operator: (failed, total)}``
    :param level: chance to mark anyone where there is no difference
    """
    all_failed = sum(failed for failed, _total in counts.values())
    all_total = sum(total for _failed, total in counts.values())
    found = {
        key: two_proportions(failed, total, all_failed - failed, all_total - total)
        for key, (failed, total) in counts.items()
    }
    made = [key for key, p_value in found.items() if p_value is not None]
    differs = dict(zip(made, holm([found[key] for key in made], level), strict=True))
    verdicts = {}
    for key, (failed, total) in counts.items():
        mark = FEW if found[key] is None else SAME
        if differs.get(key):
            is_higher = failed * (all_total - total) > (all_failed - failed) * total
            mark = HIGHER if is_higher else LOWER
        verdicts[key] = Verdict(mark, found[key])
    return verdicts
