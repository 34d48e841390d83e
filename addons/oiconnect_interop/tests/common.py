import csv
import io

from odoo.addons.oiconnect_orders.tests.common import (
    OrderCase,
)

HEADER = (
    "ReferenceCommandePriseInterneOC CommuneImmeuble CodePostalImmeuble "
    "CodeInseeImmeuble CodeVoieRivoliImmeuble NumeroVoieImmeuble "
    "ComplementNumeroVoieImmeuble TypeVoieImmeuble LibelleVoieImmeuble "
    "CodeAdresseImmeuble Batiment Escalier Etage TypeRacco DateInstall NomClient "
    "PrenomClient ContactClient1 ContactClient2 IdRdv ReferencePrestationPm "
    "ReferencePm ReferencePrise PriseExistante TypeCommandeDemande DateCommandePrise "
    "CommentaireCmdAcces"
).split() + [f"Info Cmd Accès {n}" for n in range(1, 9)]
HEADER_V13 = [*HEADER, "IdentifiantImmeuble", "OffreAccesCommandee"]


def make_file(header, rows, encoding="utf-8", separator=";"):
    """Return the bytes of a csv; ``rows`` are dicts by column name."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def received_flows(env):
    """Return the codes of all flows that operators send us."""
    flows = env["oiconnect.flow"].search([])
    return set(flows.filtered(env["oiconnect.inbound"]._takes).mapped("code"))


class ExchangeCase(OrderCase):
    """Files of an operator, without the transport: taken in, processed, answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator.write({"lang": "fr_FR"})
        cls.endpoint = cls.env["oiconnect.endpoint"].create(
            {
                "name": "OCT1",
                "network_id": cls.network.id,
                "operator_id": cls.operator.id,
                "host": "sftp.invalid",
                "login": "oct1",
                "still_seconds": 0,
                "responsible_id": cls.env.ref("base.user_admin").id,
            }
        )
        cls.day = 0

    def _wire(self, **values):
        """Return a correct line of CMD_ACCES by column name."""
        self.__class__.rank += 1
        return {
            "ReferenceCommandePriseInterneOC": f"OCT-{self.rank:06d}",
            "TypeRacco": "STOC",
            "NomClient": "EXEMPLE",
            "ContactClient1": "0600000001",
            "ReferencePm": self.pm.reference,
            "PriseExistante": "N",
            "TypeCommandeDemande": "AUTO",
            "DateCommandePrise": "20260314 10:05",
            "CodeAdresseImmeuble": self.building.address_code,
            **values,
        }

    def _name(self, flow="CMD_ACCES", version="V13", oc="OCT1", oi="OITO"):
        """Return a file name that was not used yet."""
        self.__class__.day += 1
        if self.env["oiconnect.flow"]._by_code(flow).protocol == "pm":
            about = f"{oi}_{oc}_PM_X_{flow}_V31"
            return f"{flow}_X_{about}_20260314_{self.day:02d}.csv"
        return f"{oi}_{oc}_ACCES_{flow}_{version}_20260314_{self.day:02d}.csv"

    def _take(self, content, name=None, settle=True):
        """Take a file in as the poll does, and process it to its end."""
        if not isinstance(content, bytes):
            content = make_file(HEADER_V13, content)
        exchange = self.env["oiconnect.exchange"]._receive_file(
            self.endpoint, name or self._name(), content
        )
        while settle and not exchange._is_settled():
            exchange._process()
        return exchange

    def _drain(self, operator=None):
        return self.env["oiconnect.outbound"]._drain(operator or self.operator)

    def _rows(self, exchange):
        """Return the lines of a file of ours as dicts by column name."""
        text = exchange._content().decode(exchange.encoding)
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def _orders_of(self, exchange):
        return self.env["oiconnect.access.order"].search(
            [("origin", "=", exchange.name)], order="id"
        )
