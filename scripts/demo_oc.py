"""make demo-oc: plays the operator OCAA against the running system, in the terminal.

What is printed is French: it shows the conversation to people of the trade.
"""

import json
import sys
import time
import urllib.request
from datetime import datetime

import demo_facts
from demo_sftp import ACCOUNTS
from oictools import settings
from oictools.client import Client
from oictools.console import Failure, main
from oictools.oc import Account, Late
from oictools.oc_tickets import Refused, TicketClient
from oictools.story import KINDS, OC, Story
from oictools.ticket_story import TicketStory

BOLD, DIM, PLAIN = "\033[1m", "\033[2m", "\033[0m"
MEANINGS = {
    "CMD_ACCES": "OCAA commande quatre accès : " + ", ".join(KINDS) + ".",
    "AR_CMD": "L'OI accuse réception, ligne par ligne : la commande est-elle bien "
    "formée ?",
    "CR_CMD": "L'OI rend compte : l'accès est-il possible, et par quelle route "
    "optique ?",
    "CMD_STOC": "L'OI confie le raccordement à OCAA, son sous-traitant (mode STOC).",
    "CR_STOC": "OCAA rend compte du raccordement : prise posée, mesure faite.",
    "CR_MAD": "L'OI met la ligne à disposition.",
    "CR_MES": "OCAA a mis la ligne en service.",
}
# Columns that tell the story; the file has more.
SHOWN = {
    "CMD_ACCES": ("TypeRacco", "IdentifiantImmeuble", "ReferencePrise", "NomClient"),
    "AR_CMD": ("EtatArCommandePrise", "MotifKoArCommandePrise"),
    "CR_CMD": (
        "EtatCrCommandePrise",
        "MotifKoCrCommandePrise",
        "Commentaire",
        "ReferencePrise",
        "ReferencePBO",
        "NomModulePm N°1",
        "PositionModulePm N°1",
        "InformationTubePBO N°1",
        "InformationFibrePBO N°1",
    ),
    "CMD_STOC": ("ReferenceCommandeSousTraitantOI", "DateLimiteRealisation"),
    "CR_STOC": ("CrRaccordementPrise", "PrisePosee", "BilanOptique"),
    "CR_MAD": ("EtatCrMadPrise", "DateMadPrise", "ReferencePrise"),
    "CR_MES": ("DateMiseEnServicePrise",),
}


# SIRENs of OCAA and of the OI in the demo
SIRENS = "999000029", "999000011"
SHOWN_OF_TICKETS = (
    "troubleTicketKey",
    "troubleTicketState",
    "serviceProviderTroubleTicketKey",
    "commercialId",
    "messageContent",
    "supplierResolutionAction",
    "supplierResolutionState",
    "troubleTicketClosureLabel",
    "defectLocalization",
    "closureDuration",
)


def show(message):
    way = "OCAA → OICN" if message.ours else "OICN → OCAA"
    print(f"\n{BOLD}{way}  {message.name}{PLAIN}")
    print(f"  {MEANINGS[message.flow]}")
    for row in message.rows:
        reference = row["ReferenceCommandePriseInterneOC"]
        values = ", ".join(
            f"{column} = {row[column]}"
            for column in SHOWN[message.flow]
            if row.get(column)
        )
        print(f"    {reference} : {values or '(rien)'}")


def play():
    login = OC.lower()
    prefix = f"OCA-{datetime.now():%Y%m%d-%H%M%S}"
    print(
        f"{DIM}Commandes {prefix}-001 à 004 ; attente 120 s au plus par réponse.{PLAIN}"
    )
    try:
        with Account(settings.SFTP_PORT, login, ACCOUNTS[login]) as account:
            # A house of its own each time: a PBO has six fibres.
            place = demo_facts.place(int(time.time()))
            story = Story(account, place, prefix)
            for message in story.steps():
                show(message)
    except OSError as error:
        raise Failure(
            f"the demo SFTP server does not answer on port {settings.SFTP_PORT} "
            f"({error}).",
            "Start the product in another terminal: make run",
        ) from error
    except Late as error:
        raise Failure(f"{error}.", f"See the logs under {settings.LOG}") from error
    return story


def notifications():
    """Notifications to the demo's operators about their tickets, oldest first."""
    with urllib.request.urlopen(settings.OC_SOAP_URL, timeout=10) as response:
        return json.load(response)


def play_ticket(story):
    """The line of the first order breaks down: a ticket from its opening to its end."""
    if not settings.OWN_OC_SOAP:
        print("\nLe ticket n'est pas joué : ses notifications vont à OIC_OC_SOAP_URL.")
        return
    print(f"\n{BOLD}OCAA signale une panne sur la ligne mise en service{PLAIN}")
    base = f"http://localhost:{settings.HTTP_PORT}"
    login = OC.lower()
    operator = TicketClient(base, login, ACCOUNTS[login], *SIRENS)
    hotline = Client(settings.HTTP_PORT, settings.DATABASE, "admin", "admin")
    line = story.keys()["ReferencePrestationPrise"]
    ticket = TicketStory(
        operator, hotline, notifications, f"SIG-{story.prefix[4:]}", line
    )
    try:
        for step in ticket.steps():
            show_step(step)
    except (Late, Refused, OSError) as error:
        raise Failure(f"{error}.", f"See the logs under {settings.LOG}") from error


def show_step(step):
    print(f"\n{BOLD}{step.who}  {step.what}{PLAIN}")
    for name in SHOWN_OF_TICKETS:
        if step.values.get(name):
            print(f"    {name} = {step.values[name]}")


def conclude(story):
    """Print what OI staff see now: the orders, and the invoice being prepared."""
    client = Client(settings.HTTP_PORT, settings.DATABASE, "admin", "admin")
    print(f"\n{BOLD}Chez l'OI{PLAIN}")
    for order in client.read(
        "oiconnect.access.order",
        [["oc_reference", "=like", f"{story.prefix}-%"]],
        "oc_reference",
        "state",
        "reason_id",
        order="oc_reference",
        context={"lang": "fr_FR"},
    ):
        print(f"    {order['oc_reference']} : {state_label(client, order)}")
    print_invoice(client, story)


def state_label(client, order):
    states = dict(
        client.call(
            "oiconnect.access.order", "fields_get", ["state"], context={"lang": "fr_FR"}
        )["state"]["selection"]
    )
    reason = f" — {order['reason_id'][1]}" if order["reason_id"] else ""
    return states[order["state"]] + reason


def print_invoice(client, story):
    """Prepare the invoices of this month, as accounting would, and show OCAA's."""
    model = "oiconnect.billing.run"
    network = client.read("oiconnect.network", [["oi_code", "=", "OICN"]], "name")[0]
    month = f"{datetime.now():%Y-%m}-01"
    run = client.call(model, "create", {"network_id": network["id"], "month": month})
    client.call(model, "action_compute", [run])
    [line] = client.read(
        "oiconnect.billing.line",
        [["oc_reference", "=", story.reference(1)]],
        "days",
        "amount",
        "move_id",
    )
    [invoice] = client.read(
        "account.move",
        [["id", "=", line["move_id"][0]]],
        "partner_id",
        "amount_untaxed",
        "amount_total",
        "state",
    )
    print(
        f"    {story.reference(1)} est facturée {line['days']} jours ce mois-ci : "
        f"{euros(line['amount'])} HT"
    )
    print(
        f"    Facture en brouillon de {invoice['partner_id'][1]} : "
        f"{euros(invoice['amount_untaxed'])} HT, {euros(invoice['amount_total'])} TTC"
    )


def euros(amount):
    text = f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",")
    return f"{text} €"


def main_play():
    story = play()
    play_ticket(story)
    conclude(story)


if __name__ == "__main__":
    sys.exit(main(main_play))
