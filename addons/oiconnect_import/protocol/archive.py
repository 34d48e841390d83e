"""Archives that hold several files: the same files make the same bytes."""

import io
import zipfile
from collections.abc import Mapping

#: date of every file inside, the first that the format knows
_DATE = (1980, 1, 1, 0, 0, 0)
# Made alike on all systems
_UNIX = 3
_MODE = 0o644 << 16


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of ``files`` (name → content), sorted by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            archive.writestr(entry, files[name], compresslevel=6)
    return out.getvalue()
