from . import ticket_decision
