"""The catalogue of the rules of the network, declared once.

It serves three paths: the form of one record, the report on all of them, and the
import of a file. ``oiconnect.rule`` holds what a network says of each rule: its
severity, and whether it is looked at.
"""

from . import building, file, forms, pm
from .declaration import (
    BLOCKING,
    BUILDING,
    FILE,
    PBO,
    PM,
    PTO,
    RECORD,
    WARNING,
    Compared,
)

CATALOGUE = (*building.RULES, *pm.RULES, *forms.RULES, *file.RULES)
BY_ID = {rule.id: rule for rule in CATALOGUE}
