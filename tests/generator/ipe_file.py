"""An IPE file with faults of every kind."""

from . import ipe, tables
from .faults import Kind, cell_kinds, line_kinds
from .faulty_file import FaultyFile
from .rule_faults import rule_kinds


def all_kinds(version: str) -> tuple[Kind, ...]:
    """Return every kind of fault of a first file, those that fit few lines first."""
    return (*rule_kinds(version), *line_kinds(), *cell_kinds("IPE", version))


class IpeFile(FaultyFile):
    """An IPE of ``count`` lines into a network that has none."""

    flow = "IPE"
    token = "IPEZMD"
    free_text = "NomVoieImmeuble"

    def __init__(
        self,
        count: int,
        seed: int = 1,
        version: str = tables.VERSION,
        errors: float = 0.02,
        lines_per_pm: int = ipe.LINES_PER_PM,
    ):
        clusters = ipe.clusters(count, seed, version, lines_per_pm)
        lines = (cluster.lines() for cluster in clusters)
        super().__init__(lines, all_kinds(version), version, seed, errors)
