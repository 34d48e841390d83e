"""CPN files: how the PMs of an IPE are linked to the NRO, one line for each link."""

import random
from collections.abc import Iterator
from pathlib import Path

from . import ipe, tables
from .ipe import Line
from .tables import OI_CODE, VERSION, decimal

PMS_PER_NRO = 20

_TYPES = ("NRO-PON", "NRO-PTP", "NRO-PON-PTP")
# State of the link by state of the PM; a planned PM has no link yet, nor have some of
# those that are being deployed.
_LINK_STATES = {
    "DEPLOYE": "DEPLOYE",
    "EN COURS DE DEPLOIEMENT": "EN COURS DE DEPLOIEMENT",
    "ABANDONNE": "ABANDONNE",
}


def write(
    path: Path,
    count: int,
    seed: int = 1,
    version: str = VERSION,
    lines_per_pm: int = ipe.LINES_PER_PM,
) -> None:
    """Write the CPN of the PMs of an IPE of ``count`` lines."""
    names = tables.header("CPN", version)
    with path.open("w", encoding="utf-8", newline="") as target:
        target.write(";".join(names) + "\r\n")
        for lines in clusters(count, seed, version, lines_per_pm):
            for line in lines:
                cells = [line.get(name, "") for name in names]
                target.write(";".join(cells) + "\r\n")


def clusters(
    count: int, seed: int = 1, version: str = VERSION, lines_per_pm=ipe.LINES_PER_PM
) -> Iterator[list[Line]]:
    """Yield the lines of each NRO; PMs are those of ``ipe.clusters``, same arguments.

    One PM in five has a second link, whose line follows.
    """
    rng = random.Random(f"cpn {seed}")
    pms: list[ipe.Cluster] = []
    for rank, pm in enumerate(_known_pms(count, seed, version, lines_per_pm), 1):
        pms.append(pm)
        if rank % PMS_PER_NRO == 0:
            yield _Nro(rng, rank // PMS_PER_NRO, pms, version).lines()
            pms = []
    if pms:
        yield _Nro(rng, 0, pms, version).lines()


def _known_pms(count, seed, version, lines_per_pm) -> Iterator[ipe.Cluster]:
    for cluster in ipe.clusters(count, seed, version, lines_per_pm):
        # Its lines are drawn for the next cluster to be that of the IPE.
        cluster.lines()
        if cluster.reference:
            yield cluster


class _Nro:
    """A NRO, its PRDM, and the PMs that reach it."""

    def __init__(self, rng: random.Random, rank: int, pms, version: str):
        self.rng = rng
        self.rank = rank
        self.pms = pms
        before = version.startswith("V2")
        self.state_of_link = "EtatLienNROPM" if before else "EtatLienPMPRDM"

    def lines(self) -> list[Line]:
        own = self._own()
        return [own | line for pm in self.pms for line in self._of_pm(pm)]

    def _own(self) -> Line:
        first = self.pms[0]
        return {
            "CodeOI": OI_CODE,
            "ReferencePRDM": f"PRDM-{first.insee}-{self.rank:03d}",
            "ReferenceNRO": f"NRO{first.insee}{self.rank:03d}",
            "TypeNRO": _TYPES[self.rank % 3],
            "EtatNRO": "DEPLOYE",
            "CodeInseeNRO": first.insee,
            "CommuneNRO": first.city,
            "NomVoieNRO": "DE L'ÉGLISE",
            "NumeroVoieNRO": str(self.rank + 1),
            "TypeProjectionGeographique": "RGF93",
            "CoordonneeNROX": decimal(first.x),
            "CoordonneeNROY": decimal(first.y),
            "DateDerniereModification": tables.CHANGED,
        }

    def _of_pm(self, pm: ipe.Cluster) -> Iterator[Line]:
        line = {
            "ReferencePM": pm.reference,
            "ReferencePMTechnique": f"{pm.reference}-T1" if pm.first % 7 == 0 else "",
            "LongueurMaxLignes": decimal(self.rng.uniform(1, 9)),
        }
        if pm.state not in _LINK_STATES or self._is_early(pm):
            yield line
            return
        for rank in range(2 if self.rng.random() < 0.2 else 1):
            yield line | self._link(pm, rank)

    def _is_early(self, pm: ipe.Cluster) -> bool:
        return pm.state == "EN COURS DE DEPLOIEMENT" and self.rng.random() < 0.3

    def _link(self, pm: ipe.Cluster, rank: int) -> Line:
        capacity = self.rng.choice((12, 24, 48))
        return {
            self.state_of_link: _LINK_STATES[pm.state],
            "DateInstallationLienPMPRDM": tables.wire(pm.installed),
            "ReferenceLienPMPRDM": f"LIEN-{pm.reference}-{rank + 1}",
            "LongueurLienPMPRDM": decimal(self.rng.uniform(0.3, 14)),
            "CapaciteLienPMPRDM": str(capacity),
            "NbFODisponibles": str(self.rng.randint(0, capacity)),
        }
