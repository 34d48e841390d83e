"""Types of the messages of a ticket, and their wire values. Plain Python."""

MESSAGE_TYPES = [
    ("question", "Question"),
    ("answer", "Answer"),
    ("info", "Information"),
    ("progress", "Progress of a visit"),
    ("appointment_request", "Request for an appointment"),
    ("appointment_answer", "Answer on an appointment"),
    ("appointment_proposal", "Proposal of an appointment"),
    ("escalation", "Escalation"),
    ("cancellation", "Comment on a cancellation"),
]
# messageType, Interop'Fibre SAV 3.0 §4
WIRE_TYPES = {
    "question": "DEMANDE",
    "answer": "REPONSE",
    "info": "INFO",
    "progress": "AVANCEMENT INTERVENTION",
    "appointment_request": "DEMANDE RDV",
    "appointment_answer": "REPONSE RDV",
    "appointment_proposal": "PROPOSITION DE RDV",
    "escalation": "ESCALADE",
    "cancellation": "COMMENTAIRE DDE ANNUL",
}
# An escalation and a request to cancel are the operator's.
OUR_MESSAGE_TYPES = [
    (key, label) for key, label in MESSAGE_TYPES if key not in ("escalation",)
]
# What the other party has to answer
ASKING = ("question", "appointment_request", "appointment_proposal", "escalation")
# What ends a freeze that waits for the operator
ANSWERS = ("answer", "appointment_answer")
# messageContent: string 0..1024
MESSAGE_SIZE = 1024
