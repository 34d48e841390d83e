"""Detection of the kind of a file from its name and first bytes."""

from itertools import islice

from odoo.addons.oiconnect_import.bulk.archive import BulkFileError, open_source
from odoo.addons.oiconnect_import.bulk.detected import Detected
from odoo.addons.oiconnect_import.protocol import CsvReader

_ROWS = 5000
_SIZE = 1 << 21


def detect(env, file_name, raw, limits, kinds):
    """Return what the file ``raw`` is among ``kinds``, ``{code of a flow: kind}``.

    The name tells the flow and the version; the header does when it does not.

    :raises FileError: it is not a file that can be imported
    """
    flow, name = env["oiconnect.flow"]._identify(file_name or "")
    if name and name.bad_date:
        raise BulkFileError("unreal_date", date=name.bad_date)
    with open_source(raw, limits, file_name or "") as source:
        reader = CsvReader(_beginning(source))
        for _row in islice(reader, _ROWS):
            pass
    code = flow.code if flow.code in kinds else ""
    version = name.version if code and name else ""
    if not code or not flow._has_version(version, env["oiconnect.operator"]):
        code, version = _by_header(env, reader.header, [code] if code else kinds)
    date, oi_code = (name.date, name.oi) if name else ("", "")
    return Detected(kinds[code], version, reader.encoding, date, oi_code)


def _beginning(stream):
    """Return the beginning of a stream, cut at the end of a line if it has one."""
    block = b""
    while len(block) < _SIZE and (more := stream.read(_SIZE - len(block))):
        block += more
    whole = len(block) < _SIZE
    return block if whole else block[: block.rfind(b"\n") + 1] or block


def _by_header(env, header, flows):
    """Return the (flow, version) whose columns the header names best."""
    flow_model = env["oiconnect.flow"]
    found = []
    for code in flows:
        flow = flow_model._by_code(code)
        for rank, version in enumerate(flow._versions()):
            match = flow._format_for(env["oiconnect.operator"], version).match(header)
            found.append((match.known_count, -len(match.missing), -rank, code, version))
    known, *_rest, code, version = max(found, default=(0, "", ""))
    if not known:
        raise BulkFileError("unknown_kind")
    return code, version
