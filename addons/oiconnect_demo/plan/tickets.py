"""Tickets of the demo, one small story each: what happens, and when. Plain Python.

A step is ``(hours since the opening, action, what it needs)``; actions are methods of
``load.tickets.TicketLoader``.
"""

from typing import NamedTuple

OPERATORS = ("OCAA", "OCBB", "OCCC")


class Story(NamedTuple):
    """How tickets went that were opened ``days_ago``, one for each of these days."""

    days_ago: tuple
    defect: str
    words: str
    steps: tuple
    prelocation: str = "PBO"
    defect_class: str = "1"


NO_SIGNAL, WEAK, ALIGNMENT = "PAS DE SIGNAL", "SIGNAL AFFAIBLI", "PROBLEME ALIGNEMENT"
TAKEN = (0.4, "start", "Pris en compte, une équipe est cherchée.")
VISIT = (1, "task", {"kind": "visit", "planned_in": 5})
MEASURED = {"result": "Connecteur nettoyé, ligne mesurée.", "loss": 17.4}
DONE = (6, "do", MEASURED)
CHECKED = (6, "do", {"result": "Ligne mesurée, rien à reprendre.", "loss": 17.1})

STORIES = (
    # Finished, month after month
    Story(
        (121, 104, 82, 58, 33, 12),
        NO_SIGNAL,
        "Plus de signal depuis la nuit.",
        (TAKEN, VISIT, DONE, (6.5, "resolve", ("RET01", "PBO")), (24, "accept", None)),
    ),
    Story(
        (116, 87, 51, 15),
        WEAK,
        "Débit qui s'effondre le soir, -29 dBm à l'arrivée.",
        (TAKEN, VISIT, CHECKED, (7, "resolve", ("STT01", "PTO")), (30, "accept", None)),
        prelocation="PTO",
        defect_class="2",
    ),
    Story(
        (66, 22),
        NO_SIGNAL,
        "Coupure, jarretière à vérifier au PM.",
        (
            VISIT,
            DONE,
            (6.5, "resolve", ("RET01", "PM")),
            (20, "reject", "Toujours pas de signal chez le client."),
            (22, "task", {"kind": "visit", "planned_in": 4}),
            (27, "do", {"result": "Soudure refaite au PBO.", "loss": 16.9}),
            (27.5, "resolve", ("RET02", "PBO")),
            (50, "accept", None),
        ),
        prelocation="PM",
    ),
    Story(
        (37,),
        ALIGNMENT,
        "Client sur la fibre du voisin.",
        ((2, "close", ("ERR04", None)),),
        prelocation="PTO",
    ),
    Story(
        (9,),
        NO_SIGNAL,
        "Plus rien depuis des travaux dans la rue.",
        (
            (0.5, "start", "Prise en charge."),
            (3, "request_cancel", "Le client a rétabli seul son équipement."),
            (5, "agree_cancel", None),
        ),
    ),
    # In progress
    Story((0.1, 0.2, 0.35), NO_SIGNAL, "Plus de signal ce matin.", ()),
    Story(
        (0.6, 1.1),
        NO_SIGNAL,
        "Plus de signal, PTO contrôlée.",
        (TAKEN, (2, "task", {"kind": "visit", "planned_in": 34})),
    ),
    Story(
        (1.4,),
        WEAK,
        "Signal faible, -28 dBm.",
        (TAKEN, (3, "hear", ("question", "Une date d'intervention est-elle prévue ?"))),
        defect_class="2",
    ),
    Story(
        (2.5,),
        NO_SIGNAL,
        "Prise arrachée.",
        (
            TAKEN,
            VISIT,
            (6, "repeat", {"result": "Client absent.", "customer_absent": True}),
            (7, "say", ("appointment_request", "Merci de proposer trois dates.")),
            (7.2, "freeze", "appointment"),
        ),
        prelocation="PTO",
    ),
    Story(
        (1.8,),
        NO_SIGNAL,
        "Panne sur la colonne de l'immeuble.",
        (TAKEN, VISIT, DONE, (7, "resolve", ("RET01", "RACCO PALIER"))),
        prelocation="RACCO PALIER",
    ),
    Story(
        (3.2,),
        NO_SIGNAL,
        "Coupure franche entre le PM et le PBO.",
        (
            TAKEN,
            VISIT,
            CHECKED,
            (7, "resolve", ("STT01", "PTO")),
            (20, "reject", "Désaccord : demande d'expertise conjointe."),
            (24, "call_expertise", "Rendez-vous demain à 9 h au PM."),
        ),
        prelocation="PM-PBO",
    ),
    Story(
        (0.8,),
        NO_SIGNAL,
        "Ligne coupée.",
        (TAKEN, (10, "request_cancel", "Le client a résilié.")),
    ),
)
# A cut cable: tickets on one PBO, within an hour, and their incident
INCIDENT_DAYS_AGO, INCIDENT_LINES = 0.5, 4
INCIDENT_WORDS = "Plusieurs clients du même immeuble sans signal."
# Telephoned: opened by us, never notified
HOTLINE_DAYS_AGO = 0.3
ANSWERS = (
    ("Prise en charge", "info", "Votre ticket est pris en charge."),
    ("Demande de dates", "appointment_request", "Merci de proposer trois dates."),
    ("Relance", "question", "Sans réponse de votre part, le ticket sera clôturé."),
)
