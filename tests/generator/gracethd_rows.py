"""Rows of a GraceTHD delivery as they are made: codes, places, cables and their fibres.

Columns are those of 2.0.2; ``geom`` holds the points of a row that has a place.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from .tables import OI_CODE

Row = dict[str, object]
Point = tuple[float, float]

OWNER = "OR990010000001"
INSEE, CITY, POSTAL = "99001", "BOURG-FICTIF", "99000"
CREATED = "2026-08-20"
#: first two letters of the codes of a table
PREFIXES = {
    "t_noeud": "ND",
    "t_ptech": "PT",
    "t_sitetech": "ST",
    "t_ltech": "LT",
    "t_suf": "SF",
    "t_baie": "BA",
    "t_tiroir": "TI",
    "t_ebp": "BP",
    "t_cassette": "CS",
    "t_cable": "CB",
    "t_cableline": "CL",
    "t_fibre": "FO",
    "t_position": "PS",
    "t_adresse": "AD",
    "t_znro": "ZN",
    "t_zsro": "ZS",
    "t_zpbo": "ZP",
    "t_cheminement": "CM",
    "t_ropt": "RT",
}


class Splice(NamedTuple):
    """A position as written: its code, its box (if given) and how it continues."""

    code: str
    box: str | None
    kind: str


class Cable(NamedTuple):
    """A cable with the codes of its fibres, in their order."""

    code: str
    fibres: list[str]


@dataclass
class Place:
    """A node, and what stands there."""

    node: str
    point: Point
    box: str = ""
    local: str = ""


@dataclass
class Block:
    """Rows of one NRO and of its PMs, by table.

    ``number`` is the last one used in their codes, ``area`` that of the NRO.
    """

    number: int = 1
    area: int = 0
    tables: dict[str, list[Row]] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)

    def add(self, table: str, **columns: object) -> str:
        """Add a row, and give it the next code."""
        prefix = PREFIXES[table]
        code = self.code(prefix)
        row: Row = {f"{prefix.lower()}_code": code, **columns}
        self.tables.setdefault(table, []).append(row)
        return code

    def code(self, prefix: str) -> str:
        self.number += 1
        return f"{prefix}99{self.number:010d}"

    # -- places ------------------------------------------------------------------------

    def node(self, point: Point, kind: str, name: str = "") -> Place:
        code = self.add(
            "t_noeud",
            nd_nom=name,
            nd_type=kind,
            nd_geolqlt=0.5,
            nd_geolmod="LTRO",
            geom=[point],
        )
        return Place(code, point)

    def point(self, point: Point, nature: str) -> Place:
        """Add a chamber (C), a pole (A) or a façade (F)."""
        place = self.node(point, "PT")
        place.local = self.add(
            "t_ptech",
            pt_nd_code=place.node,
            pt_etiquet=f"{nature}{self.number}",
            pt_typephy=nature,
            pt_typelog="R",
            pt_prop=OWNER,
        )
        return place

    def site(self, point: Point, physical: str, kind: str, name: str) -> Place:
        """Add a site of that kind and its first local."""
        place = self.node(point, "SH" if kind == "FTTH" else "ST", name)
        site = self.add(
            "t_sitetech",
            st_nd_code=place.node,
            st_nom=name,
            st_codeext=name,
            st_typephy=physical,
            st_typelog=kind,
            st_numero=1,
            st_nomvoie="RUE DU STADE",
            st_postal=POSTAL,
            st_insee=INSEE,
            st_commune=CITY,
        )
        place.local = self.local(site, name)
        return place

    def local(self, site: str, name: str) -> str:
        return self.add("t_ltech", lt_st_code=site, lt_etiquet=name, lt_codeext=name)

    def drawer(self, local: str, name: str, size: int, bay: str = "") -> str:
        bay = bay or self.add(
            "t_baie", ba_lt_code=local, ba_etiquet="B1", ba_type="BAIE", ba_nb_u=40
        )
        return self.add(
            "t_tiroir",
            ti_ba_code=bay,
            ti_etiquet=name,
            ti_codeext=name,
            ti_type="TIROIR",
            ti_taille=size // 48 or 1,
        )

    def box(self, place: Place, kind: str, name: str, physical: str = "B006") -> str:
        holder = "bp_pt_code" if kind != "PTO" else "bp_sf_code"
        if kind == "PBI":
            kind, holder = "PBO", "bp_lt_code"
        place.box = self.add(
            "t_ebp",
            **{holder: place.local},
            bp_etiquet=name,
            bp_codeext=name,
            bp_typelog=kind,
            bp_typephy=physical,
        )
        return place.box

    # -- cables ------------------------------------------------------------------------

    def cable(
        self,
        kind: str,
        capacity: int,
        first: Place,
        last: Place,
        boxes: tuple[str, str] = ("", ""),
        typephy: str = "C",
    ) -> Cable:
        """Add a cable, its line and its fibres; ``boxes`` are those at its ends."""
        same = first.node == last.node
        code = self.add(
            "t_cable",
            cb_etiquet=f"{kind}{self.number}",
            cb_codeext=f"{kind}{self.number}",
            cb_nd1=first.node,
            cb_nd2=last.node,
            cb_typephy=typephy,
            cb_typelog=kind,
            cb_rf_code=self._reference(capacity),
            cb_capafo=capacity,
            cb_modulo=min(capacity, 12),
            cb_lgreel=round(_distance(first.point, last.point) + 3, 1),
            cb_bp1=boxes[0],
            cb_bp2=boxes[1],
            cb_prop=OWNER,
        )
        if not same:
            self.add(
                "t_cableline",
                cl_cb_code=code,
                cl_long=round(_distance(first.point, last.point), 1),
                geom=[first.point, last.point],
            )
        return Cable(code, [self._fibre(code, rank) for rank in range(capacity)])

    def _reference(self, capacity: int) -> str:
        """Return the reference of the cables of that capacity."""
        code = f"RF99{self.area:04d}{capacity:06d}"
        if code not in self.references:
            self.references.add(code)
            self.tables.setdefault("t_reference", []).append(
                {
                    "rf_code": code,
                    "rf_type": "CB",
                    "rf_fabric": OWNER,
                    "rf_design": f"CABLE {capacity} FO",
                }
            )
        return code

    def _fibre(self, cable: str, rank: int) -> str:
        return self.add(
            "t_fibre",
            fo_cb_code=cable,
            fo_nincab=rank + 1,
            fo_numtub=rank // 12 + 1,
            fo_nintub=rank % 12 + 1,
            fo_color=str(rank % 12 + 1),
            fo_reper=str(rank // 12 % 6 + 1),
            fo_etat="OK",
        )

    def path(self, first: Place, last: Place, laying: str) -> str:
        """Add the trench or the span between two places."""
        return self.add(
            "t_cheminement",
            cm_ndcode1=first.node,
            cm_ndcode2=last.node,
            cm_typ_imp=laying,
            cm_long=round(_distance(first.point, last.point), 1),
            geom=[first.point, last.point],
        )

    # -- trays and positions -----------------------------------------------------------

    def tray(self, box: str, number: int, kind: str = "E") -> str:
        return self.add("t_cassette", cs_bp_code=box, cs_num=number, cs_type=kind)

    def position(
        self, number: int, upstream: str, downstream: str, kind: str, **columns: object
    ) -> str:
        """Add a position: ``upstream`` and ``downstream`` are fibres, or nothing."""
        return self.add(
            "t_position",
            ps_numero=number,
            ps_1=upstream,
            ps_2=downstream,
            ps_type="CSA" if kind == "CO" else "SFU",
            ps_fonct=kind,
            **columns,
        )


def square(point: Point, half: float) -> list[Point]:
    """Return the ring of a square around ``point``."""
    x, y = point
    return [
        (x - half, y - half),
        (x - half, y + half),
        (x + half, y + half),
        (x + half, y - half),
        (x - half, y - half),
    ]


def shifted(point: Point, x: float, y: float) -> Point:
    return (round(point[0] + x, 2), round(point[1] + y, 2))


def _distance(first: Point, last: Point) -> float:
    return ((first[0] - last[0]) ** 2 + (first[1] - last[1]) ** 2) ** 0.5


def line_code(number: int) -> str:
    """Return the reference of a PTO, as OO-XXXX-XXXX."""
    text = f"{number:08X}"
    return f"{OI_CODE[2:]}-{text[:4]}-{text[4:]}"
