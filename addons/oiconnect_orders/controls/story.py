"""The explanation of a study: what each control compared, in order."""

from ..personal import tells_customer
from .study import CONTROLS

PASSED, FAILED, WAIVED = "passed", "failed", "waived"
# After the controls: is there a fibre? It can be set aside by nobody.
RESERVATION = "reservation"
RESERVATION_NUMBER = 10
# The columns of an order that are compared with the network
ASKED = tuple(dict.fromkeys(name for control in CONTROLS for name in control.asked))


def walked(asked, place, refusal, known):
    """Return one dict per control that was run, for a decision to keep as JSON.

    :param asked: what the order has in the columns of ``ASKED``
    :param known: what was found for other orders at the same place, filled here
    """
    told = []
    asked = {name: value for name, value in zip(ASKED, asked, strict=True) if value}
    found = known.setdefault(place.key(), {})
    for control in CONTROLS:
        step = _step(control, asked, place, found)
        told.append(step)
        if control.name == place.failed:
            step |= {"result": FAILED, "code": refusal.code}
            return told
        if control.name in place.waived:
            step |= {"result": WAIVED, "code": place.waived[control.name]}
    told.append(_reservation(place, refusal))
    return told


def _step(control, asked, place, found):
    step = {"control": control.name, "number": control.number, "result": PASSED}
    compared = {name: asked[name] for name in control.asked if name in asked}
    if compared:
        step["asked"] = compared
    if control.name not in found:
        values = control.found(place).items()
        found[control.name] = {key: value for key, value in values if value}
    if found[control.name]:
        step["found"] = found[control.name]
    return step


def _reservation(place, refusal):
    step = {
        "control": RESERVATION,
        "number": RESERVATION_NUMBER,
        "result": FAILED if refusal else PASSED,
        # What is told to people, not what is read by the next step.
        "found": {k: v for k, v in place.explain.items() if k != "pbo_id"},
    }
    return step | ({"code": refusal.code} if refusal else {})


# Rank of each control of form; those of the border and of the fields are the second
FORM_NUMBERS = {"FIMP15": 1, "FIMP13": 3}


def refused_form(refusal):
    """Return what a control of form refused; of a customer's column, not its words."""
    found = {"column": refusal.field or ""}
    if not tells_customer(found["column"]):
        found["problem"] = str(refusal.message)
    return {
        "control": "form",
        "number": FORM_NUMBERS.get(refusal.code, 2),
        "result": FAILED,
        "code": refusal.code,
        "found": found,
    }
