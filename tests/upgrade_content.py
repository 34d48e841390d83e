"""Contents of a database, to compare before and after an upgrade."""

from contextlib import closing

import psycopg2
from oictools import settings

# Columns that have another name or another table since
RENAMED = {
    ("oiconnect_decision", "order_id"): "res_id",
    ("oiconnect_decision", "road"): "channel",
    ("oiconnect_workflow_step", "road"): "channel",
    ("oiconnect_flow_column", "sure"): "confidence",
    ("oiconnect_delay_miss", "order_id"): "res_id",
    ("oiconnect_billing_line", "order_id"): "res_id",
}
# Every message leaves; what came in was never one. Prices have a list of their own.
DROPPED = {
    ("oiconnect_event", "direction"),
    ("oiconnect_billing_product", "price"),
}
# Delivered anew unless edited: names of the PM protocol are none of accesses;
# levels of the standard grid follow what a fault costs the network.
DELIVERED_ANEW = {
    ("oiconnect_flow", "reading_pattern"),
    ("oiconnect_gracethd_grid_check", "level"),
    ("oiconnect_gracethd_grid_due", "level"),
}
# What has another column since, where it is of another meaning: the day of what failed
MOVED = {
    ("oiconnect_access_order", "connection_date"): (
        "COALESCE(connection_date, (to_jsonb(line)->>'failure_date')::timestamp)"
    ),
}
# Numbers of the map: an upgrade counts again, and puts in cells what waited beside.
COUNTED = {"oiconnect_map_cell", "oiconnect_map_delta"}
# What the upgrade writes anew: who and when of delivered records, what they are known
# by, and what flows say now that the code knew of them.
WRITTEN = {"write_date", "write_uid", "seed_hash"}

COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name ~ '^(oiconnect|queue_job)'
AND NOT (SELECT relispartition FROM pg_class WHERE oid = table_name::regclass)
ORDER BY 1, 2
"""
# Odoo's tables where the demo has records of its own: taken over, not made again
SHARED = ("res_users", "res_partner", "product_product", "account_move")
# What people and the product keep in Odoo's tables: which rows, and of these what
OURS = r"~ '^(oiconnect\.|account\.move)'"
PRESERVED = {
    "res_users": ("true", ["login", "active", "signature", "notification_type"]),
    "res_partner": ("true", ["name", "lang", "tz", "email", "vat", "active"]),
    "ir_cron": ("interval_number = 7", ["id", "interval_type", "active"]),
    "queue_job_channel": ("removal_interval = 77", ["id", "name"]),
    "ir_filters": ("true", ["name", "model_id", "domain", "context", "sort"]),
    "ir_filters_res_users_rel": ("true", ["ir_filters_id", "res_users_id"]),
    "account_move": (
        "true",
        ["name", "state", "partner_id", "invoice_date", "amount_total"],
    ),
    "account_move_line": ("true", ["move_id", "account_id", "name", "balance"]),
    "ir_attachment": (f"res_model {OURS}", ["name", "res_model", "res_id", "checksum"]),
    "mail_message": (f"model {OURS}", ["model", "res_id", "author_id", "body"]),
}
FILES = f"""
SELECT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL AND res_model {OURS}
"""


def rows(name, query):
    with closing(psycopg2.connect(dbname=name)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()


def content(name, last=None):
    """Return ``{table: (number of rows, {column: digest of its values})}``.

    :param last: ``{table: its last id}``: later rows are left out
    """
    columns = {}
    for table, column in rows(name, COLUMNS):
        columns.setdefault(table, []).append(column)
    return {
        table: digest(name, table, found, (last or {}).get(table))
        for table, found in columns.items()
    }


def last_ids(name):
    """Return ``{table: its last id}`` of the product's tables."""
    tables = [table for table, column in rows(name, COLUMNS) if column == "id"]
    return {table: rows(name, f"SELECT max(id) FROM {table}")[0][0] for table in tables}


def counts(name):
    """Return ``{table: (number of rows, {})}`` of Odoo's tables."""
    return {
        table: (rows(name, f"SELECT count(*) FROM {table}")[0][0], {})
        for table in SHARED
    }


def digest(name, table, columns, last):
    """Return the number of rows of a table, and a digest of each column in order."""
    until = "" if last is None else f"WHERE id <= {last}"
    order = "id" if "id" in columns else "line::text"
    wanted = [column for column in columns if column not in WRITTEN]
    values = (MOVED.get((table, column), f"line.{column}") for column in wanted)
    digests = ", ".join(
        f"md5(string_agg(md5({value}::text), '' ORDER BY {order}))" for value in values
    )
    query = f"SELECT count(*), {digests} FROM {table} line {until}"
    [(count, *values)] = rows(name, query)
    return count, dict(zip(wanted, values, strict=True))


def preserved(name):
    """Return ``{table: [row]}`` of what is preserved in Odoo's tables."""
    return {
        table: rows(name, f"SELECT {', '.join(columns)} FROM {table} WHERE {which}")
        for table, (which, columns) in PRESERVED.items()
    }


def differences(before, after):
    """Return what :func:`content` found that is not as it was."""
    changed = []
    for table, (count, columns) in before.items():
        if table in COUNTED:
            continue
        if table not in after:
            changed.append(table)
            continue
        new_count, new = after[table]
        if new_count != count:
            changed.append(f"{table}: {count} rows became {new_count}")
        changed += [
            f"{table}.{column}"
            for column, value in columns.items()
            if (table, column) not in DROPPED | DELIVERED_ANEW
            and new.get(RENAMED.get((table, column), column)) != value
        ]
    return changed


def lost(before, after):
    """Return the rows of :func:`preserved` that are not there any more."""
    return {
        table: missing
        for table, old in before.items()
        if (missing := [row for row in old if row not in after[table]])
    }


def lost_files(name):
    """Return the files of the product whose content is not there."""
    folder = settings.FILESTORE / name
    return [path for (path,) in rows(name, FILES) if not (folder / path).is_file()]


class Snapshot:
    """Contents of a database now, to be compared with those of later."""

    def __init__(self, name):
        self.name, self.last = name, last_ids(name)
        self.content = content(name) | counts(name)
        self.preserved = preserved(name)

    @property
    def orders(self):
        return self.content["oiconnect_access_order"][0]

    @property
    def invoices(self):
        return [row for row in self.preserved["account_move"] if "posted" in row]

    def lost(self):
        """Return what is not as it was, or not there any more."""
        changed = differences(
            self.content, content(self.name, self.last) | counts(self.name)
        )
        for table, missing in lost(self.preserved, preserved(self.name)).items():
            changed += [f"{table}: {row}" for row in missing]
        return changed + lost_files(self.name)
