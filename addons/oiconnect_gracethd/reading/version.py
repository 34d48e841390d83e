"""The version of a delivery, recognised by its tables and columns."""

from collections import Counter

from ..catalogue import TABLES


def recognise(tables):
    """Return (generation, version, names of tables of the other generation).

    :param tables: {name: what has ``columns``, names in lower case}
    """
    scores = Counter()
    own = {"2": [], "3": []}
    for name, file in tables.items():
        table = TABLES[name]
        if len(table.versions) == 1:
            [generation] = table.versions
            scores[generation] += 3
            own[generation].append(name)
        for column in file.columns:
            orders = table.columns[column].orders if column in table.columns else {}
            if len(table.versions) == 2 and len(orders) == 1:
                scores[next(iter(orders))] += 1
    generation = "3" if scores["3"] > scores["2"] else "2"
    other = "2" if generation == "3" else "3"
    return generation, _version(generation, tables), sorted(own[other])


def _version(generation, tables):
    if generation == "3":
        return "3.0"
    if any(name.endswith("_patch202") for name in tables):
        return "2.0.2"
    if any(name.endswith("_patch201") for name in tables):
        return "2.0.1"
    return "2.0"
