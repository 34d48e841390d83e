from odoo.tests.common import TransactionCase

from odoo.addons.oiconnect_import.protocol import CsvReader, write


class FlowCase(TransactionCase):
    """Operators, a network and the delivered registry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flows = cls.env["oiconnect.flow"]
        cls.formats = cls.env["oiconnect.flow.format"]
        cls.order_flow = cls.flows._by_code("CMD_ACCES")
        cls.operator = cls._operator("OCT1")
        cls.other = cls._operator("OCT2")

    @classmethod
    def _operator(cls, code, **vals):
        return cls.env["oiconnect.operator"].create(
            {"name": f"Opérateur {code}", "interop_code": code, "arcep_code": code}
            | vals
        )

    @classmethod
    def _format(cls, flow, version, operator=None):
        return cls.formats.search(
            [
                ("flow_id.code", "=", flow),
                ("version", "=", version),
                ("operator_id", "=", operator.id if operator else False),
            ]
        )

    @staticmethod
    def _round_trip(protocol_format, payload):
        """Write a payload and read it back with the same format."""
        written = write(protocol_format, [payload])
        (line,) = protocol_format.parse_rows(
            CsvReader(written.content, protocol_format.separator)
        )
        return line.payload
