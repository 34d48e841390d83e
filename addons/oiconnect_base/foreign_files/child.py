"""What runs in the process that reads: this file, by its path, in a bare interpreter.

Nothing of Odoo is loaded. Readers import each other by their full names, from folders
of which the packages above are left empty.
"""

import errno
import importlib
import os
import sys
import types

_FAILED = 70


def main():
    commands, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb", 1 << 18)
    # What a library prints is no answer.
    os.dup2(2, 1)
    parent, raw, scratch, libraries, *packages = sys.argv[1:]
    sys.path += libraries.split(os.pathsep)
    _make_packages(packages)
    wire = importlib.import_module(f"{_HERE}.wire")
    confinement = importlib.import_module(f"{_HERE}.confinement")
    confinement.die_with(int(parent))
    settings, _blob = wire.read(commands.read)
    _limits.update(settings["limits"])
    confinement.limit(**_limits)
    try:
        reader = importlib.import_module(settings["reader"])
        stream = os.fdopen(int(raw), "rb")
        walls = confinement.lock(scratch)
        wire.write(answers, {"value": walls})
        with reader.open_file(stream, scratch, **settings["arguments"]) as known:
            wire.write(answers, {"value": None})
            _serve(known, commands, answers, wire)
    except Exception as error:
        wire.write(answers, _failure(error))


def _serve(known, commands, answers, wire):
    while message := wire.read(commands.read):
        name, *arguments = message[0]
        try:
            value, blob = known[name](*arguments)
            wire.write(answers, {"value": value}, blob)
        except Exception as error:
            wire.write(answers, _failure(error))


def _failure(error):
    """Return the answer that an exception is: a refusal has a reason and parameters."""
    if isinstance(error, MemoryError):
        params = {"limit": _limits["memory"] >> 20}
        return {"refused": "file_takes_memory", "params": params}
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return {"errno": error.errno}
    reason = getattr(error, "reason", None)
    if isinstance(reason, str) and isinstance(getattr(error, "params", None), dict):
        return {"refused": reason, "params": error.params}
    frame = error.__traceback__
    while frame.tb_next:
        frame = frame.tb_next
    place = f"{os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}"
    return {"failed": f"{type(error).__name__} at {place}"}


def _make_packages(folders):
    """Let modules of addons be imported, without what their packages would load."""
    for name in ("odoo", "odoo.addons"):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = []
    for folder in folders:
        name = f"odoo.addons.{os.path.basename(folder)}"
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = [folder]


_limits = {}
_HERE = "odoo.addons.oiconnect_base.foreign_files"

if __name__ == "__main__":
    main()
