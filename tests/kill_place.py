"""Records for the works that are killed: a network, its operators, a company."""

import itertools

import small_network
from demo_soap import LOGIN, PASSWORD
from odoo_process import environment

OI, UPLOADER, REPORTER, FORGETTER = "OITK", "OCK1", "OCK2", "OCK3"


class Place:
    """Made once on a database; each work has files, references and months of its own.

    :param sftp: where the account of the first operator is
    :param oc: where the second one is notified of its tickets
    """

    def __init__(self, found, sftp, oc):
        self.sftp = sftp
        self.oc = oc
        self._account_id = None
        self.numbers = itertools.count(1)
        self._company_id = None
        with environment(found) as env:
            made = small_network.make(env, OI, UPLOADER, REPORTER, FORGETTER)
            self.network_id = made["network"].id
            self.building = made["building"].identifier
            self.pm = made["pm"].reference
            made["network"].customer_days = 90
            self.endpoint_ids = {
                operator.interop_code: self._make_endpoint(env, made, operator).id
                for operator in made["operators"]
            }

    def _make_endpoint(self, env, made, operator):
        operator.lang = "fr_FR"
        values = {"responsible_id": env.ref("base.user_admin").id}
        if operator.interop_code == UPLOADER:
            values |= {
                "host": self.sftp.host,
                "port": self.sftp.port,
                "host_key": self.sftp.host_key,
                "login": "ocaa",
                "password": "demo-ocaa",
            }
        return small_network.make_endpoint(env, made, operator, **values)

    def account_id(self, found):
        """Return the web service connection of an operator, made at the first call."""
        if not self._account_id:
            with environment(found) as env:
                endpoint = env["oiconnect.endpoint"].browse(self.endpoint_ids[REPORTER])
                account = env["oiconnect.soap.account"].create(
                    {
                        "network_id": self.network_id,
                        "operator_id": endpoint.operator_id.id,
                        "url": self.oc.url,
                        "remote_login": LOGIN,
                        "remote_password": PASSWORD,
                        "is_notified": True,
                        "responsible_id": env.ref("base.user_admin").id,
                    }
                )
                self._account_id = account.id
        return self._account_id

    def company_id(self, found):
        """Return the company that sends invoices, made at the first call."""
        from odoo.addons.oiconnect_billing.tests.french_chart import load_french_chart

        if not self._company_id:
            with environment(found) as env:
                company = env["res.company"].create(
                    {"name": "Réseau d'essai", "currency_id": env.ref("base.EUR").id}
                )
                load_french_chart(company)
                self._company_id = company.id
        return self._company_id

    def home(self):
        return self.sftp.home("ocaa")

    def name(self, operator):
        """Return a file name that was not used yet."""
        number = f"{next(self.numbers):02d}"
        return f"{OI}_{operator}_ACCES_CMD_ACCES_V13_20260314_{number}.csv"

    def references(self, name, count):
        """Return the references of the orders of a file: no one else's."""
        start = "-".join(name.removesuffix(".csv").split("_")[1::6])
        return [f"{start}-{rank}" for rank in range(count)]

    def orders(self, *references, **columns):
        """Return the bytes of a file that orders these accesses."""
        from odoo.addons.oiconnect_interop.tests.common import HEADER_V13, make_file

        row = {
            "TypeRacco": "STOC",
            "NomClient": "EXEMPLE",
            "ContactClient1": "0600000001",
            "ReferencePm": self.pm,
            "IdentifiantImmeuble": self.building,
            "PriseExistante": "N",
            "TypeCommandeDemande": "AUTO",
            "DateCommandePrise": "20260314 10:05",
            **columns,
        }
        rows = [row | {"ReferenceCommandePriseInterneOC": ref} for ref in references]
        return make_file(HEADER_V13, rows)


class Work:
    """Long work on a place: it is killed, and begun again until it is done."""

    #: {what has happened when it dies: the call}, in the order of the work. It dies at
    #: one after the other: ranks are counted from the death before.
    MOMENTS = {}
    #: those at which a partner has what we do not know to have left: it comes again
    UNKNOWN = ()
    #: how often it may die before it is given up; then another one begins
    DEATHS = 99

    def __init__(self, found, place):
        self.found = found
        self.place = place
        #: moments at which it has died
        self.deaths = []

    @property
    def doubtful_count(self):
        """Number of deaths while a partner had what we did not know to have left"""
        return len(set(self.deaths) & set(self.UNKNOWN))

    def run(self, found):
        """Go on with what is left to do; nothing once all is done."""
        raise NotImplementedError

    def assert_done(self):
        """Nothing is lost, nothing is doubled."""
        raise NotImplementedError


def process(found, exchange_id):
    """Do the steps of a file, each in its own transaction, as its jobs do."""
    for _step in range(20):
        with environment(found) as env:
            exchange = env["oiconnect.exchange"].browse(exchange_id)
            if exchange._is_settled():
                return
            exchange._process()
    raise AssertionError("the file has no end")


def drain(found, endpoint_id):
    with environment(found) as env:
        endpoint = env["oiconnect.endpoint"].browse(endpoint_id)
        env["oiconnect.outbound"]._drain(endpoint.operator_id)


def receipts(found, name, flow="AR_CMD"):
    """Return ``[{column: text}]`` of all that answers a file, with its file name."""
    from oictools.oc import read

    with environment(found) as env:
        answers = env["oiconnect.exchange"].search(
            [("source_id.name", "=", name), ("flow_id.code", "=", flow)],
            order="id",
        )
        return [
            row | {"file": answer.name}
            for answer in answers
            for row in read(answer._content())
        ]
