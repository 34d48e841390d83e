"""Dwellings behind a PBO: addresses, SUFs and the PTOs of those that are wired."""

from .gracethd_rows import CITY, INSEE, OWNER, POSTAL, Block, Place, line_code, shifted
from .tables import STREETS


class Dwellings:
    """The dwellings of one PBO: houses around it, or the flats of its building."""

    def __init__(self, block: Block, pbo: Place, area: str, *, collective: bool):
        self.block = block
        self.pbo = pbo
        self.area = area
        self.collective = collective
        #: place and box of each PTO
        self.sockets: list[tuple[Place, str]] = []

    def build(self, count: int, wired: int) -> None:
        """Add ``count`` dwellings; the first ``wired`` have their PTO."""
        if self.collective:
            address = self._address(0, count, wired)
        for rank in range(count):
            if not self.collective:
                address = self._address(rank, 1, int(rank < wired))
            self._dwelling(address, rank, is_wired=rank < wired)

    def _address(self, rank: int, dwellings: int, wired: int) -> str:
        number = self.block.number
        kind, name = STREETS[number % len(STREETS)]
        self.point = shifted(self.pbo.point, 4 * rank - 18, 20)
        return self.block.add(
            "t_adresse",
            ad_batcode=f"IMB/99001/X/{number:06d}",
            ad_ban_id=f"99001_{number:08d}",
            ad_hexacle=f"99001{number:08d}",
            ad_rivoli="0001",
            ad_nomvoie=f"{kind} {name}",
            ad_numero=rank + 1,
            ad_insee=INSEE,
            ad_postal=POSTAL,
            ad_commune=CITY,
            ad_ietat="DE",
            ad_itypeim="I" if self.collective else "P",
            ad_typzone="3",
            ad_gest=OWNER,
            ad_nblhab=dwellings,
            ad_nblpro=0,
            ad_nbprhab=wired,
            ad_nbprpro=0,
            geom=[self.point],
        )

    def _dwelling(self, address: str, rank: int, *, is_wired: bool) -> None:
        place = self.block.node(shifted(self.point, rank % 4, 5 + rank // 4), "SF")
        suf = place.local = self.block.add(
            "t_suf",
            sf_nd_code=place.node,
            sf_ad_code=address,
            sf_zp_code=self.area,
            sf_escal="A" if self.collective else "",
            sf_etage=str(rank // 4) if self.collective else "",
            sf_type="R",
            sf_racco="EL" if is_wired else "RB",
        )
        if is_wired:
            line = line_code(self.block.number)
            box = self.block.box(place, "PTO", line, "DTI1")
            row = self.block.tables["t_ebp"][-1]
            if self.block.number % 3:
                # Others have it in their label only, as many deliveries
                row["bp_linecod"] = line
            row["bp_sf_code"] = suf
            self.sockets.append((place, box))
