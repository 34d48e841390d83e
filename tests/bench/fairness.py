"""A hundred operators with a hundred files each, two workers: does anyone starve?

Jobs run one after the other here, as the real channels of the job queue give them out;
the clock is that of two workers.
"""

from odoo.addons.oiconnect_interop.tests.exchanges.turns import Workers
from odoo.addons.oiconnect_orders.tests.common import make_operator, open_pm

from ..small_network import make_endpoint
from . import network, orders
from .common import environment, figure

WORKERS = 2
# Operators, files of each, lines of the large file of the first.
COUNTS = {"small": (20, 10, 5_000), "full": (100, 100, 10_000)}


def run(size):
    operators, files, lines = COUNTS[size]
    with environment() as env:
        made = network.make(env, "OIBF", 100)
        accounts = make_accounts(env, made, operators)
        spread(env, made, accounts, files)
        late(env, made, accounts, lines)


def make_accounts(env, made, count):
    accounts = []
    for rank in range(count):
        operator = make_operator(env, f"F{rank:03d}")
        open_pm(env, made, operator)
        accounts.append(make_endpoint(env, made, operator))
    return accounts


def drop(env, made, account, number, lines=1):
    """The operator's file of the day with this number."""
    code = account.operator_id.interop_code
    content = orders.make_content(made, lines).replace(
        b"BENCH-", f"{code}-{number:05d}-".encode()
    )
    name = f"OIBF_{code}_ACCES_CMD_ACCES_V13_202603{number // 100 + 1:02d}"
    return env["oiconnect.exchange"]._receive_file(
        account, f"{name}_{number % 100 + 1:02d}.csv", content
    )


def spread(env, made, accounts, files):
    """All files of each operator at once, operator after operator: the worst order."""
    for account in accounts:
        for number in range(files):
            drop(env, made, account, number)
        env.cr.commit()
        env.invalidate_all()
    workers = Workers(env, WORKERS)
    first, last = {}, {}
    for exchange in workers.run():
        if exchange._is_settled():
            operator = exchange.operator_id.id
            first.setdefault(operator, workers.now)
            last[operator] = workers.now
        # As workers do; in one transaction the rows of each step would stay for all.
        env.cr.commit()
        env.invalidate_all()
    assert len(last) == len(accounts)
    tell("fairness_first_answer", first.values(), workers.now, len(accounts) * files)
    tell("fairness_last_answer", last.values(), workers.now, len(accounts) * files)


def tell(name, moments, whole, files):
    """The operator that waits longest, against the one in the middle."""
    moments = sorted(moments)
    median = moments[len(moments) // 2]
    figure(
        name,
        moments[-1],
        "s",
        baseline=median,
        ratio=moments[-1] / median,
        against="median over the operators",
        first=round(moments[0], 3),
        all_files=round(whole, 3),
        files=files,
        workers=WORKERS,
    )


def late(env, made, accounts, lines):
    """A line of one operator, dropped while a large file of another is processed."""
    large = drop(env, made, accounts[0], 2_000, lines)
    workers = Workers(env, WORKERS)
    waits, dropped = [], {}
    for rank, exchange in enumerate(workers.run()):
        if exchange in dropped and exchange._is_settled():
            waits.append(workers.now - dropped.pop(exchange))
        if not large._is_settled() and rank % 2 == 0 and not dropped:
            account = accounts[1 + rank % (len(accounts) - 1)]
            dropped[drop(env, made, account, 2_001 + rank)] = workers.now
    assert (large.done_count, large.refused_count) == (lines, 0), large.refused_count
    figure(
        "fairness_late_file_wait",
        max(waits),
        "s",
        baseline=workers.now,
        ratio=max(waits) / workers.now,
        against="the whole of a large file that came before",
        lines=lines,
        tries=len(waits),
    )
