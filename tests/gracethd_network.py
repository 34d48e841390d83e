"""A network of the product that GraceTHD deliveries come to, on a shared database."""

import itertools

import import_jobs

NUMBERS = itertools.count(1)
#: what a delivery may change
WRITTEN = [
    f"oiconnect_{name}"
    for name in (
        "nro",
        "pm",
        "technical_pm",
        "splice_box",
        "pbo",
        "building",
        "building_level",
        "pto",
        "pbo_cable",
        "pbo_fibre",
        "pm_link",
        "pm_link_fibre",
        "pm_module",
        "pm_position",
        "splice",
        "route",
        "change",
        "gracethd_object",
    )
]


class GracethdNetwork:
    def __init__(self, found, version):
        self.registry = found
        self.version = version
        self.network_id = import_jobs.make_network(found, f"GT_{next(NUMBERS)}")

    def rows(self, query, *parameters):
        return import_jobs.rows(self.registry.db_name, query, *parameters)

    def upload_file(self, content):
        return import_jobs.upload(
            self.registry, self.network_id, "livraison.zip", content
        )

    def deliver_file(self, content):
        """Import a delivery; return the id of the import."""
        import_id = self.upload_file(content)
        import_jobs.start(self.registry, import_id)
        import_jobs.run(self.registry, import_id)
        query = "SELECT state, message FROM oiconnect_import WHERE id = %s"
        [(state, message)] = self.rows(query, import_id)
        assert state in ("done", "done_errors"), (state, message)
        return import_id

    def written(self):
        """Return the version of each row of the network, by table."""
        return {
            table: self.rows(
                f"SELECT count(*), md5(string_agg(xmin::text || t::text, '' "
                f"ORDER BY id)) FROM {table} t WHERE network_id = %s",
                self.network_id,
            )
            for table in WRITTEN
        }
