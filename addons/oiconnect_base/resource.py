"""Declaration of a kind of record as a resource that other systems may request.

A model says it by ``_resource``. Who serves it makes routes, schemas, filters and
documentation of that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from odoo.fields import Domain


class Dialog(NamedTuple):
    """Dialog of the screens by which people decide on records.

    :param model: of the dialog, whose ``action_confirm`` does what was decided. What it
        decides are its ``_events``, or the ``_decision_events`` of the records
    :param target: its fields that name the records: ``records → values``
    :param fields: its fields that people fill in
    """

    model: str
    target: Callable
    fields: tuple = ()


@dataclass(frozen=True)
class Resource:
    """One kind of record.

    What is not declared here follows from the model and its screens: fields and who
    writes them, filters, whether records are created, changed or deleted by hand.

    :param path: last part of its address, which is also its scope
    :param key: field by which people name a record
    :param more: fields besides those that the model stores
    :param less: stored fields that mean nothing outside
    :param required: fields without which none is created by hand, besides those that
        the model requires
    :param sorts: columns that begin an index, besides the id
    :param network: field by which a record belongs to a network; None for what belongs
        to none
    :param operator_fields: fields that an operator sees; none, and the resource is
        closed to operators
    :param operator_domain: operator id → the records that this operator sees
    :param dialogs: by which people decide, on screens as here
    :param fired: events that screens fire without a dialog, by ``action_fire``
    :param methods: event → method of the button that does it
    :param ends: relations to what it lies between: on maps it is a line
    :param line: relation to the parts of the network that it takes, whose path is
        drawn; "id" of what is such a part
    :param content: binary field that holds the file of a record, whose attachment its
        ``_attachment`` returns
    """

    path: str
    key: str = "reference"
    more: tuple = ()
    less: tuple = ()
    required: tuple = ()
    sorts: tuple = ()
    network: str | None = "network_id"
    operator_fields: tuple = ()
    operator_domain: Callable = lambda operator_id: Domain.FALSE
    dialogs: tuple = ()
    fired: tuple = ()
    methods: tuple = ()
    ends: tuple = ()
    line: str | None = None
    content: str | None = None


def own(operator_id):
    """Return the domain of what is an operator's own."""
    return Domain("operator_id", "=", operator_id)


def everything(operator_id):
    return Domain.TRUE
