from graphlib import TopologicalSorter

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import file_open

from odoo.addons.oiconnect_import.protocol import (
    CsvReader,
    columns_of,
    read_definition,
    versions_of,
)

from .flow import SEED_FIELDS, SEED_LINKS


class Flow(models.Model):
    """The flows and formats delivered with the product, read from ``formats/``."""

    _inherit = "oiconnect.flow"

    @api.model
    def _load_registry(self):
        """Create the delivered flows and formats, update those that were not edited."""
        # No user created them: no message says so.
        registry = self.with_context(
            lang=None, active_test=False, mail_create_nolog=True
        )
        rows = {row["code"]: row for row in registry._seed_rows()}
        # A flow comes after those that it names.
        named = {code: {row[name] for name in SEED_LINKS} for code, row in rows.items()}
        for code in TopologicalSorter(named).static_order():
            if code:
                registry._load_flow(rows[code])._load_formats(rows[code]["folder"])

    @api.model
    def _seed_folders(self):
        """Return where flows are delivered: ``flows.csv`` and a file for each format.

        ``protocols.csv`` has what the flows of a protocol have in common.
        """
        formats = "oiconnect_interop/formats"
        # Files of orders on the network have other names than what is published.
        return [formats, f"{formats}/infra_orders"]

    @api.model
    def _seed_rows(self):
        """Return the delivered flows, each completed by its protocol's defaults."""
        rows, defaults = [], {}
        for folder in self._seed_folders():
            defaults |= {
                row["protocol"]: row for row in _read_rows(folder, "protocols")
            }
            rows += [
                defaults[row["protocol"]] | row | {"folder": folder}
                for row in map(_filled, _read_rows(folder, "flows"))
            ]
        return [row | {"sequence": rank * 10} for rank, row in enumerate(rows, 1)]

    @api.model
    def _load_flow(self, row):
        content = {name: row[name] for name in (*SEED_FIELDS, *SEED_LINKS)}
        vals = {
            **{name: row[name] or False for name in SEED_FIELDS},
            "sequence": row["sequence"],
            **{field: self._known(row[name]).id for name, field in SEED_LINKS.items()},
        }
        flow = self._known(row["code"])
        if flow:
            flow._reseed(content, vals)
        else:
            flow = self.create({**vals, "seed_hash": self._seed_digest(content)})
        flow._name_for_translation()
        return flow

    def _name_for_translation(self):
        """Give a delivered flow the identifier by which its name is translated."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"oiconnect_interop.flow_{self.code.lower()}",
                    "record": self,
                    "noupdate": True,
                }
            ]
        )

    @api.model
    def _known(self, code):
        return self.search(Domain("code", "=", code), limit=1)

    def _load_formats(self, folder):
        definitions = _read_definitions(folder, self.code)
        for version in versions_of(definitions):
            self._load_format(version, columns_of(definitions, version))

    def _load_format(self, version, definitions):
        content = self.format_ids._seed_rows_of(definitions, version)
        found = self.format_ids.search(
            Domain("flow_id", "=", self.id)
            & Domain("version", "=", version)
            & Domain("operator_id", "=", False)
        )
        vals = {"column_ids": self._column_commands(definitions)}
        if found:
            found._reseed(content, vals)
            return
        vals |= {"flow_id": self.id, "version": version}
        self.format_ids.create(vals | {"seed_hash": self._seed_digest(content)})

    @api.model
    def _column_commands(self, definitions):
        """Return the commands that replace the columns of a format."""
        column = self.env["oiconnect.flow.column"]
        return [
            Command.clear(),
            *(
                Command.create(column._vals_of(definition, rank))
                for rank, definition in enumerate(definitions, 1)
            ),
        ]


def _read_rows(folder, name):
    """Return the lines of a seed file as dicts by header name."""
    with file_open(f"{folder}/{name}.csv", "rb") as file:
        reader = CsvReader(file)
        return [
            dict(zip(reader.header, cells, strict=True))
            for _number, cells, _problem in reader
        ]


def _filled(row):
    """Leave out the file name that a flow does not give: that of its protocol holds."""
    return {k: value for k, value in row.items() if value or k != "file_template"}


def _read_definitions(folder, code):
    with file_open(f"{folder}/{code}.csv", "rb") as file:
        definitions, errors = read_definition(file)
    if errors:
        raise ValueError(f"{code}: {errors[0].message}")
    return definitions
