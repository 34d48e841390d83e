"""Numbers of related records, by one query for a whole list."""


def count_related(owners, name, model, field, domain=()):
    """Write to ``name`` of each owner how many records of ``model`` name it.

    :param domain: of the records that are counted
    """
    counts = dict(
        owners.env[model]._read_group(
            [(field, "in", owners._origin.ids), *domain], [field], ["__count"]
        )
    )
    for owner in owners:
        owner[name] = counts.get(owner._origin, 0)
