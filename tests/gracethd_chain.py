"""A transport line from an NRO to a PM through splice boxes, and nothing else."""

from generator.gracethd_rows import CITY, INSEE, OWNER, POSTAL, Block, square

NRO_AT, PM_AT = (870_000.0, 6_560_000.0), (870_500.0, 6_560_000.0)
PM = "FI-99001-PM01"
#: splice box → the cables that its splice joins, from the NRO side
SPLICES = {"A": ("CB81", "CB82"), "B": ("CB82", "CB83"), "C": ("CB83", "CB84")}


class Chain:
    """NRO drawer – CB81 – BPE A – CB82 – BPE B – CB83 – BPE C – CB84 – PM drawer.

    :param order: of the rows of the boxes' positions, that of the line if void
    :param has_nro: else there is none, and the first fibre waits in the first box
    :param boxes: those on the way
    """

    def __init__(self, order="", has_nro=True, boxes="ABC"):
        self.block = Block()
        self._add_references()
        self.pm = self._pm()
        self.nro = self._nro() if has_nro else None
        self.boxes = {name: self._box(name) for name in boxes}
        places = [*self.boxes.values(), self.pm]
        if self.nro:
            places.insert(0, self.nro)
        number = 82 - has_nro
        pairs = zip(places, places[1:], strict=False)
        self.fibres = [
            self._cable(f"CB{number + rank}", *pair) for rank, pair in enumerate(pairs)
        ]
        for name in order or boxes:
            self._position(name)
        self._add_drawers()

    @property
    def tables(self):
        return self.block.tables

    def _add_references(self):
        self.tables["t_organisme"] = [{"or_code": OWNER, "or_nom": "Réseau fictif"}]
        self.block.add(
            "t_adresse",
            ad_insee=INSEE,
            ad_commune=CITY,
            ad_postal=POSTAL,
            ad_nomvoie="RUE DU STADE",
            ad_numero=1,
            geom=[PM_AT],
        )
        for table in ("t_suf", "t_zpbo", "t_ropt", "t_cheminement"):
            self.tables[table] = []

    def _pm(self):
        place = self.block.site(PM_AT, "ADR", "SRO", PM)
        self.block.add(
            "t_zsro",
            zs_nd_code=place.node,
            zs_refpm=PM,
            zs_etatpm="DP",
            zs_lt_code=place.local,
            geom=square(PM_AT, 50),
        )
        return place

    def _nro(self):
        place = self.block.site(NRO_AT, "BAT", "NRO", "NRO99001001")
        area = self.block.add(
            "t_znro",
            zn_nd_code=place.node,
            zn_nroref="NRO99001001",
            zn_etat="DP",
            zn_lt_code=place.local,
            geom=square(NRO_AT, 900),
        )
        self.tables["t_zsro"][0]["zs_zn_code"] = area
        return place

    def _box(self, name):
        point = (NRO_AT[0] + 100.0 * (ord(name) - 64), NRO_AT[1])
        place = self.block.point(point, "C")
        self.block.box(place, "BPE", name)
        return place

    def _cable(self, name, first, last):
        cable = self.block.cable("TR", 12, first, last, (first.box, last.box))
        self.tables["t_cable"][-1] |= {"cb_etiquet": name, "cb_codeext": name}
        return cable.fibres[0]

    def _position(self, name):
        rank = list(self.boxes).index(name)
        tray = self.block.tray(self.boxes[name].box, 1)
        if self.nro:
            ends = self.fibres[rank], self.fibres[rank + 1], "EP"
        elif rank:
            ends = self.fibres[rank - 1], self.fibres[rank], "EP"
        else:
            ends = "", self.fibres[0], "AT"
        self.block.position(1, *ends, ps_cs_code=tray)

    def _add_drawers(self):
        ends = [(self.pm, self.fibres[-1], "")]
        if self.nro:
            ends.append((self.nro, "", self.fibres[0]))
        for place, upstream, downstream in ends:
            drawer = self.block.drawer(place.local, f"TIR-{place.node}", 12)
            tray = self.block.add("t_cassette", cs_num=1, cs_type="C")
            drawn = {"ps_ti_code": drawer, "ps_cs_code": tray}
            self.block.position(1, upstream, downstream, "CO", **drawn)


def circle():
    """Two transport fibres, each with a place in the drawer of the PM, spliced twice.

    Each place is led to by a splice, and the two splices close a circle.
    """
    chain = Chain(boxes="AB", has_nro=False)
    block, tables = chain.block, chain.tables
    first = chain.fibres[0]
    other = block.cable("TR", 12, *chain.boxes.values()).fibres[0]
    boxed = [row for row in tables["t_position"] if not row.get("ps_ti_code")]
    [head] = [row for row in tables["t_position"] if row.get("ps_ti_code")]
    boxed[0] |= {"ps_1": first, "ps_2": other, "ps_fonct": "EP"}
    boxed[1] |= {"ps_1": other, "ps_2": first}
    head["ps_1"] = first
    drawn = {name: head[name] for name in ("ps_ti_code", "ps_cs_code")}
    block.position(2, other, "", "CO", **drawn)
    return chain
