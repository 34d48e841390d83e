"""Filter on saturation, occupation of a page, quick search: as the web client asks."""

from . import capacity_network
from .common import environment, figure, percentile, timed

COUNTS = {"small": 100_000, "full": 1_000_000}
PAGE = 80
ROUNDS = 5
LEVELS = (["full"], ["low"], ["free"], ["none"], ["low", "full"])
MODELS = {
    "oiconnect.pbo": "pbo",
    "oiconnect.pbo.cable": "pbo_cable",
    "oiconnect.pm.module": "pm_module",
    "oiconnect.pm": "pm",
}


def run(size):
    count = COUNTS[size]
    with environment() as env:
        capacity_network.make(env, count)
        pages = {key: seconds for key, seconds in measure_lists(env)}
        searches = {key: seconds for key, seconds in measure_searches(env, count)}
        env.cr.rollback()
    show("saturation_page_p95", pages, count)
    show("quick_search_p95", searches, count)


def show(name, times, count):
    every = [seconds for values in times.values() for seconds in values]
    slowest = {key: round(max(values) * 1000, 1) for key, values in times.items()}
    figure(name, percentile(every, 0.95) * 1000, "ms", routes=count, slowest=slowest)


def measure_lists(env):
    """Seconds of the first page and its count, filtered by saturation, or grouped."""
    for name, view in MODELS.items():
        model = env[name]
        specification = columns(env, name, view)
        for levels in LEVELS:
            domain = [("saturation", "in", levels)]
            yield (
                f"{view} {'+'.join(levels)}",
                repeated(
                    env,
                    lambda model=model, domain=domain, columns=specification: (
                        model.web_search_read(
                            domain, columns, limit=PAGE, count_limit=10_001
                        )
                    ),
                ),
            )
        yield (
            f"{view} grouped",
            repeated(
                env,
                lambda model=model: model.formatted_read_group(
                    [], ["saturation"], ["__count"]
                ),
            ),
        )


def columns(env, name, view):
    """The columns that the list shows, with the occupation of each record."""
    model = env[name]
    view = env.ref(f"oiconnect_infra.{view}_view_list")
    names = model.get_view(view.id, "list")["models"][name]
    return {
        field: {"fields": {"display_name": {}}}
        if model._fields[field].relational
        else {}
        for field in names
        if model._fields[field].type not in ("one2many", "many2many")
    }


def measure_searches(env, count):
    """Seconds of the quick search, for each way of asking."""
    search = env["oiconnect.quick.search"]
    env.cr.execute(
        "SELECT reference FROM oiconnect_pto WHERE reference LIKE 'ZK-%%' ORDER BY id"
        " OFFSET %s LIMIT 1",
        [count // 7],
    )
    [pto] = env.cr.fetchone()
    middle = count // 2
    pbo = middle // capacity_network.FIBRES * capacity_network.FIBRES
    for text in (
        pto,
        pto.replace("-", " ").lower(),
        f"BCAP/IMB/{middle}",
        f"bcap imb {middle}",
        f"BCAP-PBO-{pbo}",
        f"Z{middle:09d}",
        f"{middle} RUE DES ESSAIS",
        f"{middle} rue des essais, ville exemple",
        "BCAP-R-12",
        "BCAP",
        "rue des essais",
        "no such reference 4711",
    ):
        yield text, repeated(env, lambda text=text: search.find(text))


def repeated(env, work):
    times = []
    for _round in range(ROUNDS):
        env.invalidate_all()
        with timed() as clock:
            work()
        times.append(clock.seconds)
    return times
