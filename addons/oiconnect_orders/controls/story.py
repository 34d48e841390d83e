"""The explanation of a study: what each control compared, in order."""

from odoo.addons.oiconnect_base.decisions import FAILED, PASSED, WAIVED, Control

from ..personal import tells_customer
from .place import MOST
from .study import CONTROLS

# After the controls: is there a fibre? It can be set aside by nobody.
RESERVATION = "reservation"
RESERVATION_NUMBER = 10
# The columns of an order that are compared with the network
ASKED = tuple(dict.fromkeys(name for control in CONTROLS for name in control.requested))


def explained_controls(asked, place, refusal, known):
    """Return one dict per control that was run, for a decision to keep as JSON.

    :param asked: what the order has in the columns of ``ASKED``
    :param known: what was found for other orders at the same place, filled here
    """
    told, shown = [], set()
    asked = {name: value for name, value in zip(ASKED, asked, strict=True) if value}
    found = known.setdefault(place.key(), {})
    for control in CONTROLS:
        failed = control.name == place.failed
        # What an earlier control told already is told again where it matters only.
        step = _step(control, asked, place, found, () if failed else shown)
        shown.update(control.requested)
        told.append(step)
        if failed:
            step |= _failure(refusal, step.get("found"))
            return told
        if control.name in place.waived:
            step |= {"result": WAIVED, "code": place.waived[control.name]}
    told.append(_reservation(place, refusal))
    return told


def _step(control, asked, place, found, shown):
    step = {"control": control.name, "number": control.number, "result": PASSED}
    names = [name for name in control.requested if name not in shown]
    compared = {name: asked[name] for name in names if name in asked}
    if compared:
        step["asked"] = compared
    if control.name not in found:
        values = control.found(place).items()
        found[control.name] = {key: value for key, value in values if value}
    if found[control.name]:
        step["found"] = found[control.name]
    return step


def _failure(refusal, found):
    """Return what a failed control adds: the field at fault, all that was compared."""
    step = {"result": FAILED, "code": refusal.code, "field": refusal.field}
    found = (found or {}) | (refusal.found or {})
    return step | ({"found": found} if found else {})


def _reservation(place, refusal):
    step = {
        "control": RESERVATION,
        "number": RESERVATION_NUMBER,
        "result": PASSED,
        # What is told to people, not what is read by the next step.
        "found": {k: v for k, v in place.explain.items() if k != "pbo_id"},
    }
    if not refusal:
        return step
    pbos = place.pbos[:MOST].mapped("reference")
    return step | _failure(refusal, step["found"] | {"pbos": pbos})


# Rank of each control of form; those of the border and of the fields are the second
FORM_NUMBERS = {"FIMP15": 1, "FIMP13": 3}


def refused_form(refusal):
    """Return what a control of form refused; of a customer's column, not its words."""
    found = {"column": refusal.field or ""}
    if not tells_customer(found["column"]):
        found["problem"] = str(refusal.message)
    step = {"control": "form", "number": FORM_NUMBERS.get(refusal.code, 2)}
    if refusal.given:
        step["asked"] = {found["column"]: refusal.given}
    return step | _failure(refusal, found)


# What the study does not run, told as the controls that it runs
OTHERS = (
    Control(2, "form", None, (), where=("source",)),
    Control(
        RESERVATION_NUMBER,
        RESERVATION,
        None,
        ("connection_type", "existing_socket", "pto_reference"),
        where=("pbo", "building"),
    ),
)
BY_NAME = {control.name: control for control in (*CONTROLS, *OTHERS)}
