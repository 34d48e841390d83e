"""The explanation of a study: what each control compared, in order."""

from odoo.addons.oiconnect_base.decisions import FAILED, PASSED, WAIVED, Control

from ..personal import tells_customer
from .place import MOST
from .study import CONTROLS

# After the controls: is there a fibre? No user can override this one.
RESERVATION = "reservation"
RESERVATION_NUMBER = 10
# The columns of an order that are compared with the network
COMPARED_COLUMNS = tuple(
    dict.fromkeys(name for control in CONTROLS for name in control.requested)
)


def explained_controls(order_values, place, refusal, known):
    """Return one dict per control that was run, for a decision to keep as JSON.

    :param order_values: values of the order in ``COMPARED_COLUMNS``
    :param known: what was found for other orders at the same place, filled here
    """
    steps, shown = [], set()
    order_values = {
        name: value
        for name, value in zip(COMPARED_COLUMNS, order_values, strict=True)
        if value
    }
    found = known.setdefault(place.key(), {})
    for control in CONTROLS:
        failed = control.name == place.failed
        # What an earlier control showed is repeated only where it matters.
        step = _step(control, order_values, place, found, () if failed else shown)
        shown.update(control.requested)
        steps.append(step)
        if failed:
            step |= _failure(refusal, step.get("found"))
            return steps
        if control.name in place.waived:
            step |= {"result": WAIVED, "code": place.waived[control.name]}
    steps.append(_reservation(place, refusal))
    return steps


def _step(control, order_values, place, found, shown):
    step = {"control": control.name, "number": control.number, "result": PASSED}
    names = [name for name in control.requested if name not in shown]
    compared = {name: order_values[name] for name in names if name in order_values}
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
        # What people see, not what the next step reads.
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


# What the study does not run, shown like the controls that it runs
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
