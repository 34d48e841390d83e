"""Description of a resource, from its model and its screens: worked out once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools.safe_eval import safe_eval

from odoo.addons.oiconnect_base.resource import Resource

from .messages import messages_of
from .resources import resource_of

_TEXT = ("char", "text", "html")
_MANY = ("one2many", "many2many")
_DATES = ("date", "datetime")
_NUMBERS = ("integer", "float", "monetary")
# Types of fields that are hidden unless the resource declares the field
_HIDDEN_TYPES = (
    *_MANY,
    "binary",
    "many2one_reference",
    "reference",
    "html",
    "properties",
)
#: fields that every record has
STAMPS = ("create_date", "write_date")
_PATHS = re.compile(r"""\(\s*['"]([\w.]+)['"]\s*,""")


@dataclass(frozen=True)
class Filter:
    """One parameter of a list.

    :param kind: type of its values: that of a field, or "text"
    :param paths: fields that it looks at
    :param domain: value → domain
    :param choices: values that it takes, where these are listed
    :param many: it may be given several times
    """

    name: str
    kind: str
    paths: frozenset
    domain: Callable
    choices: tuple = ()
    many: bool = False
    help: str = ""


@dataclass(frozen=True)
class Description:
    """A resource, with what its model and its screens add to the declaration."""

    resource: Resource
    model: str
    label: str
    names: tuple
    kinds: dict
    operator_names: tuple
    restricted: frozenset
    filters: dict
    named: dict
    created: tuple
    changed: tuple
    is_deleted: bool
    events: dict = field(default_factory=dict)
    messages: dict = field(default_factory=dict)

    @property
    def sorts(self):
        return ("id", *self.resource.sorts)

    def ready(self, text, uid):
        """Return the domain of a ready filter, for the user ``uid``."""
        return safe_eval(text, {"uid": uid})


def describe(env, model_name):
    """Return the :class:`Description` of the resource that a model declares."""
    model = env[model_name]
    resource = model._resource
    names = tuple(_visible_names(model, resource))
    kinds = model._kinds_of_fields()
    screens = _screens(model)
    written = [name for name in names if kinds.get(name) == "free"]
    # Of what the record is one of: an operator's name is that of its partner.
    written += [name for name in resource.more if model._fields[name].inherited]
    given = [name for name in names if kinds.get(name) == "creation"]
    # A new network would be none of the key's.
    creates = screens["create"] and resource.network != "id"
    filters, named = _filters(model)
    return Description(
        resource,
        model_name,
        model._description,
        names,
        {name: model._fields[name] for name in names},
        tuple(_operator_names(model, resource, names)),
        frozenset(name for name in names if model._fields[name].groups),
        filters,
        named,
        tuple(written + given) if creates else (),
        tuple(written) if screens["edit"] else (),
        screens["delete"],
        dict(_events(model, resource)),
        messages_of(model),
    )


def _visible_names(model, resource):
    """Yield the visible fields: those that the model stores and people see."""
    yield "id"
    for name, its in model._fields.items():
        stored = (
            its.store and model._is_our_field(its) and its.type not in _HIDDEN_TYPES
        )
        is_visible = (stored and name not in resource.less) or name in resource.more
        if is_visible and its.groups != NO_ACCESS:
            yield name
    yield from STAMPS


def _operator_names(model, resource, names):
    """Yield the fields that operators see; a flow may name a record by its text."""
    yield "id"
    for name in dict.fromkeys(resource.operator_fields):
        for known in (name, f"{name}_id"):
            if known in names:
                yield known
                break


def _screens(model):
    """Return ``{"create", "edit", "delete": whether its form lets people do that}``."""
    form = etree.fromstring(model.get_view(view_type="form")["arch"])
    return {
        verb: form.get(verb, "1").lower() not in ("0", "false")
        for verb in ("create", "edit", "delete")
    }


def _events(model, resource):
    """Yield ``(event, how it is done)``: a dialog, a method's name or None."""
    for dialog in resource.dialogs:
        asks = model.env[dialog.model]
        for event in getattr(asks, "_events", None) or model._decision_events:
            yield event, dialog
    for event in resource.fired:
        yield event, None
    yield from resource.methods


# ----------------------------------------------------------------------
# Filters, as the search view of the screens has them
# ----------------------------------------------------------------------


def _filters(model):
    """Return ``({name: Filter}, {name of a ready filter: its domain as a text})``."""
    search = etree.fromstring(model.get_view(view_type="search")["arch"])
    found, named = {}, {}
    for node in search.iter("field"):
        for one in _of_field(model, node):
            found.setdefault(one.name, one)
    for node in search.iter("filter"):
        if (domain := node.get("domain", "[]").strip()) != "[]":
            named[node.get("name")] = domain
        if dated := node.get("date"):
            for one in _of_range(dated, model._fields[dated]):
                found.setdefault(one.name, one)
    return found, named


def _of_field(model, node):
    name, its = node.get("name"), model._fields[node.get("name")]
    text = node.get("filter_domain")
    if text:
        yield _of_domain(name, its, text)
        if its.type not in _TEXT or not its.store:
            return
    if its.type == "many2one":
        yield _exact(name, name, "integer")
        yield _exact(f"{name}.{_key(model, its)}", name, "text")
    elif its.type in _MANY:
        yield _exact(name, name, "integer")
    elif its.type == "selection":
        yield _exact(name, name, "text", tuple(its.get_values(model.env)))
    elif its.type in _NUMBERS:
        yield _exact(name, name, its.type)
        yield from _of_range(name, its)
    elif its.type in _DATES:
        yield from _of_range(name, its)
    elif its.type == "boolean":
        yield _exact(name, name, "boolean")
    elif not its.store:
        yield _contains(name, name)
    else:
        yield _exact(name, name, "text")
        yield _contains(f"{name}.contains", name)


def _of_domain(name, its, text):
    """Return the filter of a search field that has a domain of its own."""
    paths = _PATHS.findall(text)
    if its.type in _MANY:
        # Of two that look through the same records, each is named by what it finds.
        name = next((path for path in paths if path.startswith(name)), name)
    elif its.type in _TEXT and its.store:
        name = f"{name}.contains"
    return Filter(
        name,
        "text",
        frozenset(paths),
        lambda value: Domain(safe_eval(text, {"self": value})),
        help="as on screens",
    )


def _exact(name, path, kind, choices=()):
    target = name if "." in name else path
    return Filter(
        name,
        kind,
        frozenset([path]),
        lambda values: Domain(target, "in", values),
        choices,
        many=True,
    )


def _contains(name, path):
    return Filter(
        name,
        "text",
        frozenset([path]),
        lambda value: Domain(path, "ilike", value),
        help="a part of it, in capitals or not",
    )


def _of_range(name, its):
    for suffix, operator, words in (
        ("from", ">=", "from this on"),
        ("to", "<=", "up to this"),
    ):
        yield Filter(
            f"{name}.{suffix}",
            its.type,
            frozenset([name]),
            lambda value, operator=operator: Domain(name, operator, value),
            help=words,
        )


def _key(model, its):
    """Return the field by which the records of a relation are named."""
    if resource := resource_of(model.env, its.comodel_name):
        return resource.key
    return model.env[its.comodel_name]._rec_name or "display_name"
