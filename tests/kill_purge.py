"""The erasure of data of end customers, in orders and in stored files."""

from contextlib import contextmanager
from unittest.mock import patch

from kill_place import FORGETTER, Work, drain, process
from kill_points import CRON, after, before
from odoo_process import environment

BATCH = 2
OLD_FILES = 3
ORDERS = 2
#: where a customer may be named, whatever the column
TABLES = """
    SELECT relname FROM pg_class
     WHERE relkind = 'r' AND relname ~ '^(oiconnect_|mail_|queue_job|ir_attachment$)'
     ORDER BY relname"""


class Purge(Work):
    """Three old files of two orders each, and a young one."""

    MOMENTS = {
        "it begins": before("oiconnect.access.order", "_erase_customers"),
        "texts are masked": before("oiconnect.access.order", "_mask_messages"),
        "messages are masked": after("oiconnect.access.order", "_mask_messages"),
        "two orders are about to be committed": before(CRON, "_commit_progress"),
        "two orders are committed": after(CRON, "_commit_progress"),
        "all orders are committed": before("oiconnect.exchange", "_erase_customers"),
        "a file is emptied": after("oiconnect.exchange", "_blank_content"),
        "its errors are emptied": after("oiconnect.exchange", "_blank_errors"),
        "two files are emptied": after("oiconnect.exchange", "_blank_content", 2),
        "two files are about to be committed": after(
            "oiconnect.exchange", "_erase_customers"
        ),
        "two files are committed": before("oiconnect.exchange", "_erase_customers", 2),
        "the third is emptied": after("oiconnect.exchange", "_blank_content"),
    }

    def __init__(self, found, place):
        super().__init__(found, place)
        self.endpoint_id = place.endpoint_ids[FORGETTER]
        names = [place.name(FORGETTER) for _file in range(OLD_FILES + 1)]
        *self.old, self.young = [self._received(name) for name in names]
        drain(found, self.endpoint_id)
        with environment(found) as env:
            self.before = self._stored(env)

    def _received(self, name):
        """Return the (id, customer) of a file of two orders that were cancelled."""
        references = self.place.references(name, ORDERS)
        customer = f"DUPOND-{references[0]}"
        content = self.place.orders(
            *references, NomClient=customer, CommentaireCmdAcces=f"Voir {customer}"
        )
        with environment(self.found) as env:
            endpoint = env["oiconnect.endpoint"].browse(self.endpoint_id)
            exchange_id = (
                env["oiconnect.exchange"]._receive_file(endpoint, name, content).id
            )
        process(self.found, exchange_id)
        with environment(self.found) as env:
            orders = env["oiconnect.access.order"].search([("origin", "=", name)])
            assert len(orders) == ORDERS
            orders._fire("cancel", note=f"{customer} renonce")
        return exchange_id, customer

    def _stored(self, env):
        """Return what stays of all files and orders."""
        ids = [exchange_id for exchange_id, _customer in [*self.old, self.young]]
        files = env["oiconnect.exchange"].browse(ids)
        orders = env["oiconnect.access.order"].search(
            [("origin", "in", files.mapped("name"))], order="id"
        )
        return (
            files.read(["name", "sha256", "size", "state", "line_count"]),
            orders.read(["oc_reference", "state", "receipt_date", "building_id"]),
        )

    def run(self, found):
        self._grow_old(found)
        with self._by_twos():
            for model in ("oiconnect.access.order", "oiconnect.exchange"):
                with environment(found) as env:
                    env[model]._cron_erase_customers()

    def _grow_old(self, found):
        """Files and orders that ended a year ago: nothing else says their age."""
        with found.cursor() as cr:
            ids = [exchange_id for exchange_id, _customer in self.old]
            past = "now() AT TIME ZONE 'utc' - interval '1 year'"
            cr.execute(
                f"UPDATE oiconnect_exchange SET create_date = {past} "
                "WHERE id = ANY(%s) AND customer_erased_on IS NULL RETURNING name",
                [ids],
            )
            names = [name for (name,) in cr.fetchall()]
            cr.execute(
                f"UPDATE oiconnect_access_order SET end_date = {past} "
                "WHERE origin = ANY(%s) AND customer_erased_on IS NULL",
                [names],
            )

    @contextmanager
    def _by_twos(self):
        from odoo.addons.oiconnect_interop.models.exchanges import exchange_erasure
        from odoo.addons.oiconnect_orders.models.access import customer

        with (
            patch.object(exchange_erasure, "BATCH", BATCH),
            patch.object(customer, "BATCH", BATCH),
        ):
            yield

    def assert_done(self):
        with environment(self.found) as env:
            assert self._stored(env) == self.before
            assert self._places(env, *dict(self.old).values()) == []
            for exchange_id, customer in self.old:
                content = self._content(env, exchange_id)
                assert customer not in content
                assert content.count(self.place.pm) == ORDERS
            exchange_id, customer = self.young
            assert "oiconnect_access_order" in self._places(env, customer)
            assert self._content(env, exchange_id).count(customer) == 2 * ORDERS

    def _places(self, env, *customers):
        """Return the tables in which one of these customers is still named."""
        env.cr.execute(TABLES)
        found = []
        for (table,) in env.cr.fetchall():
            query = f"SELECT 1 FROM {table} x WHERE x::text LIKE ANY(%s) LIMIT 1"
            env.cr.execute(query, [[f"%{customer}%" for customer in customers]])
            found += [table] if env.cr.fetchone() else []
        return found

    def _content(self, env, exchange_id):
        return env["oiconnect.exchange"].browse(exchange_id)._content().decode()
