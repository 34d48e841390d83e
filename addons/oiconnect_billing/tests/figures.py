"""Count of each figure of an object: the one definition that screens agree on."""

# Model: {figure: (model counted, domain by the id of the object)}
FIGURES = {}


def _counted(model, *fields):
    """Return the records of ``model`` that name the object in one of ``fields``."""
    return lambda record: (
        model,
        ["|"] * (len(fields) - 1) + [(name, "in", record.ids) for name in fields],
    )


def _routes(fields, *condition):
    """Return the routes of the object that fulfil the condition."""
    counted = _counted("oiconnect.route", *fields)

    def definition(record):
        model, domain = counted(record)
        return model, [*condition, *domain]

    return definition


def _capacity(*fields):
    """Return the figures of an object whose routes are given to operators."""
    return {
        "capacity_total": _routes(fields),
        "capacity_free": _routes(
            fields, ("state", "=", "free"), ("pto_id", "=", False)
        ),
        "capacity_wired": _routes(
            fields, ("state", "=", "free"), ("pto_id", "!=", False)
        ),
        "capacity_reserved": _routes(fields, ("state", "=", "reserved")),
        "capacity_used": _routes(fields, ("state", "=", "used")),
        "capacity_out": _routes(fields, ("state", "=", "out_of_service")),
        "route_count": _routes(fields),
    }


def _bare(model, field):
    """Return the ends of an object that are on no route."""
    return lambda record: (
        model,
        [(field, "in", record.ids), ("route_ids", "=", False)],
    )


FIGURES["oiconnect.pm"] = {
    **_capacity("pm_id"),
    "capacity_bare": _bare("oiconnect.pm.position", "pm_id"),
    "building_count": _counted("oiconnect.building", "pm_id"),
    "pbo_count": _counted("oiconnect.pbo", "pm_id"),
    "module_count": _counted("oiconnect.pm.module", "pm_id"),
    "cable_count": _counted("oiconnect.pbo.cable", "pm_id"),
    "link_count": _counted("oiconnect.pm.link", "pm_id"),
    "batch_count": _counted("oiconnect.pb.batch", "pm_id"),
    "access_order_count": _counted("oiconnect.access.order", "pm_id"),
    "pm_order_count": _counted("oiconnect.pm.order", "pm_id"),
    "pb_order_count": _counted("oiconnect.pb.order", "pm_id"),
    "ticket_count": _counted("oiconnect.ticket", "pm_id"),
}
FIGURES["oiconnect.pbo"] = {
    **_capacity("pbo_id"),
    "capacity_bare": _bare("oiconnect.pbo.fibre", "pbo_id"),
    "building_count": _counted("oiconnect.building", "pbo_ids"),
    "fibre_count": _counted("oiconnect.pbo.fibre", "pbo_id"),
    "pto_count": _counted("oiconnect.pto", "pbo_id"),
    "access_order_count": _counted("oiconnect.access.order", "pbo_id"),
    "ticket_count": _counted("oiconnect.ticket", "pbo_id"),
}
FIGURES["oiconnect.pm.module"] = {
    **_capacity("module_id"),
    "capacity_bare": _bare("oiconnect.pm.position", "module_id"),
    "position_count": _counted("oiconnect.pm.position", "module_id"),
}
FIGURES["oiconnect.pbo.cable"] = {
    **_capacity("cable_id", "module_cable_id"),
    "capacity_bare": _bare("oiconnect.pbo.fibre", "cable_id"),
    "fibre_count": _counted("oiconnect.pbo.fibre", "cable_id"),
    "position_count": _counted("oiconnect.pm.position", "cable_id"),
}
FIGURES["oiconnect.splice.box"] = {
    "splice_count": _counted("oiconnect.splice", "splice_box_id"),
    "fibre_count": _counted("oiconnect.pbo.fibre", "splice_box_id"),
    "end_cable_count": _counted("oiconnect.pbo.cable", "end_box_id"),
    "start_cable_count": _counted("oiconnect.pbo.cable", "start_box_id"),
}
FIGURES["oiconnect.network"] = {}
FIGURES["oiconnect.operator"] = {
    "contact_count": _counted("oiconnect.operator.contact", "operator_id"),
    "access_order_count": _counted("oiconnect.access.order", "operator_id"),
    "ticket_count": _counted("oiconnect.ticket", "operator_id"),
    "open_miss_count": lambda record: (
        "oiconnect.delay.miss",
        [("operator_id", "=", record.id), ("done_date", "=", False)],
    ),
    "exchange_count": _counted("oiconnect.exchange", "operator_id"),
    "endpoint_count": _counted("oiconnect.endpoint", "operator_id"),
    "soap_account_count": _counted("oiconnect.soap.account", "operator_id"),
    "api_key_count": _counted("oiconnect.api.key", "operator_id"),
    "webhook_count": _counted("oiconnect.webhook", "operator_id"),
    "oiconnect_invoice_count": _counted("account.move", "oiconnect_operator_id"),
}


def counted_fields(model):
    """Return the figures of a model: numbers that no user writes, by their name."""
    return {
        name: field
        for name, field in model._fields.items()
        if field.type == "integer"
        and field.compute
        and not field.store
        and not field.inherited
        and model._is_our_field(field)
    }
