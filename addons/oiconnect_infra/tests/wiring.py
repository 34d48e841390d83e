"""Networks of several cables, wired as a test asks, and a slow way to follow them."""

from .common import Network


class Wiring(Network):
    """Cables in series behind one PM, spliced fibre by fibre."""

    def __init__(self, env, code="T99"):
        super().__init__(env, code)
        self.at = self.pm()
        self.box = self.pbo(self.at, "PBO-99-001-001-0009")
        self.drawer = self.module(self.at, "TIROIR 09")

    def strand_cable(self, reference, fibres=12, pbo=None, tube="ROUGE", **values):
        """Return the fibres of a new cable, in order."""
        cable = self.make(
            "oiconnect.pbo.cable", reference=reference, pm_id=self.at.id, **values
        )
        return self.env["oiconnect.pbo.fibre"].create(
            [
                {
                    "cable_id": cable.id,
                    "sequence": rank,
                    "tube": tube,
                    "fibre": str(rank),
                    "pbo_id": pbo and pbo.id,
                }
                for rank in range(1, fibres + 1)
            ]
        )

    def position(self, name, fibre=None, **values):
        on = {}
        if fibre:
            on = {
                "cable_id": fibre.cable_id.id,
                "tube": fibre.tube,
                "fibre": fibre.fibre,
            }
        return self.env["oiconnect.pm.position"].create(
            {"module_id": self.drawer.id, "name": name, **on, **values}
        )

    def route(self, position=None, fibre=None, **values):
        return self.env["oiconnect.route"].create(
            {
                "position_id": position and position.id,
                "fibre_id": fibre and fibre.id,
                **values,
            }
        )

    def splice(self, upstream, downstream, **place):
        place = place or {"pbo_id": self.box.id}
        return self.env["oiconnect.splice"].create(
            [
                {"upstream_id": up.id, "downstream_id": down.id, **place}
                for up, down in zip(upstream, downstream, strict=True)
            ]
        )

    def link_fibres(self, number):
        prdm = self.make("oiconnect.prdm", reference="PRDM-99001-0001", city="Ville")
        link = self.make(
            "oiconnect.pm.link",
            reference="LIEN-99001-0001",
            pm_id=self.at.id,
            prdm_id=prdm.id,
            length_km=2.5,
        )
        return self.env["oiconnect.pm.link.fibre"].create(
            [
                {"link_id": link.id, "number": rank, "tube": "1", "fibre": str(rank)}
                for rank in range(1, number + 1)
            ]
        )


def followed(fibre):
    """Return the fibres spliced to ``fibre``, one by one, from the PM on."""
    chain = [fibre]
    while chain[0].upper_splice_ids:
        chain.insert(0, chain[0].upper_splice_ids.upstream_id)
    while chain[-1].lower_splice_ids:
        chain.append(chain[-1].lower_splice_ids.downstream_id)
    return chain
