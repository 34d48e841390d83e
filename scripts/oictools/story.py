"""The story that `make demo-oc` and the end-to-end tests play: OCAA orders accesses.

Four lines in one file: a good one, one with an unknown socket, one with a bad
address, one with missing values. The good one is followed to its service.
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from . import oc

PARIS = ZoneInfo("Europe/Paris")
OI, OC = "OICN", "OCAA"
KINDS = ("bonne", "prise inconnue", "adresse fausse", "champs manquants")


def today_in_france():
    """The date that everybody means, whatever the machine's clock is set to."""
    return datetime.now(PARIS).date()


class Message(NamedTuple):
    """A file of the conversation."""

    ours: bool  # sent by the operator that is played
    flow: str
    name: str
    content: bytes

    @property
    def rows(self):
        return oc.read(self.content)


class Story:
    """One conversation; `messages` grows as it goes.

    :param account: an open oc.Account
    :param place: address of a building that can be served, by column name
    :param prefix: beginning of the references of this operator's orders
    """

    def __init__(self, account, place, prefix):
        self.account = account
        self.place = place
        self.prefix = prefix
        self.messages = []

    # -- the two movements of a conversation ------------------------------------------

    def say(self, flow, *rows):
        day = datetime.now(PARIS).strftime("%Y%m%d")
        name = self.account.free_name(OI, OC, flow, day)
        message = Message(True, flow, name, oc.write(flow, rows))
        self.account.drop(name, message.content)
        self.messages.append(message)
        return message

    def hear(self, flow):
        message = Message(False, flow, *self.account.wait(flow))
        self.messages.append(message)
        return message

    # -- the story ---------------------------------------------------------------------

    def order(self):
        """Four lines; the acknowledgement and the report that answer them."""
        yield self.say("CMD_ACCES", *self.lines())
        yield self.hear("AR_CMD")
        yield self.hear("CR_CMD")
        yield self.hear("CMD_STOC")

    def connect(self):
        """The connection is done and reported; the line is made available."""
        yield self.say("CR_STOC", self.connection())
        yield self.hear("CR_MAD")

    def activate(self):
        """The line is put in service; the protocol has no answer to it."""
        message = self.say("CR_MES", self.activation())
        yield message
        self.account.wait_put_away(message.name)

    def steps(self):
        yield from self.order()
        yield from self.connect()
        yield from self.activate()

    def end(self):
        """A second order is cancelled, the first line is terminated."""
        yield self.say("CMD_ACCES", self.line(5))
        yield self.hear("AR_CMD")
        yield self.hear("CR_CMD")
        yield self.hear("CMD_STOC")
        yield self.say("ANNUL_ACCES", self.ending("ANNUL", self.reference(5)))
        yield self.hear("CR_ANNUL")
        yield self.say("RES_ACCES", self.ending("RESIL", self.reference(1)))
        yield self.hear("CR_RES")

    # -- the lines ---------------------------------------------------------------------

    def reference(self, number):
        return f"{self.prefix}-{number:03d}"

    def lines(self):
        bad_address = {
            "IdentifiantImmeuble": "",
            "CodeAdresseImmeuble": "0000000000",
        }
        missing = {"NomClient": "", "DateCommandePrise": "", "TypeRacco": ""}
        return [
            self.line(1),
            self.line(2, PriseExistante="O", ReferencePrise="ZZ-0000-0000"),
            self.line(3, **bad_address),
            self.line(4, **missing),
        ]

    def line(self, number, **values):
        return {
            "ReferenceCommandePriseInterneOC": self.reference(number),
            **self.place,
            "TypeRacco": "STOC",
            "NomClient": "EXEMPLE",
            "PrenomClient": "CAMILLE",
            "ContactClient1": "0600000001",
            "PriseExistante": "N",
            "TypeCommandeDemande": "AUTO",
            "DateCommandePrise": now(),
            "OffreAccesCommandee": "ACCES_FTTH",
            **values,
        }

    def heard(self, flow, number=1):
        """Return the last line of this flow that we received about an order."""
        reference = self.reference(number)
        for message in reversed(self.messages):
            if message.flow == flow and not message.ours:
                for row in message.rows:
                    if row["ReferenceCommandePriseInterneOC"] == reference:
                        return row
        raise LookupError(f"no {flow} about {reference}")

    def keys(self, number=1):
        row = self.heard("CR_CMD", number)
        names = ("ReferenceCommandePriseInterneOC", "ReferencePrestationPrise")
        return {name: row[name] for name in names}

    def connection(self):
        sub_contract = self.heard("CMD_STOC")
        return self.keys() | {
            "ReferenceCommandeSousTraitantOI": sub_contract[
                "ReferenceCommandeSousTraitantOI"
            ],
            "CrRaccordementPrise": "OK",
            "ReferencePrise": self.heard("CR_CMD")["ReferencePrise"],
            "DateRaccordementPrise": now(),
            "PrisePosee": "OUI",
            "BilanOptique": "-18.4 dBm",
            "NotificationReprovisioningHL": "NON",
        }

    def activation(self):
        return self.keys() | {
            "ReferencePrise": self.heard("CR_MAD")["ReferencePrise"],
            "DateMiseEnServicePrise": now(),
        }

    def ending(self, operation, reference):
        number = int(reference.rsplit("-", 1)[1])
        return self.keys(number) | {
            "TypeOperation": operation,
            "DateAnnulation": now(),
            "ResponsabiliteAnnulationCommandePrise": "OC",
        }


def now():
    return datetime.now(PARIS).strftime("%Y%m%d %H:%M")
