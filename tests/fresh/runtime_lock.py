"""Check an environment that holds the run-time lock and nothing else.

Run by the Python of that environment (``python -I runtime_lock.py``), before any tool
of development is installed: standard library and Odoo only. Prints one fault a line;
ends with 1 if there is one.
"""

import ast
import contextlib
import importlib
import importlib.metadata
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
#: what `make run`, `make demo-oc`, an image and an administrator execute
ENTRY_POINTS = (
    *("run", "demo_oc", "demo_sftp", "demo_soap"),
    *("init_database", "backup", "restore", "rotate_key"),
)
#: none of these folders of an addon is part of what a user runs
DEVELOPMENT = {"tests", "__pycache__"}
#: loaded by `server_wide_modules` or by hand, and in no manifest of ours
OTHER_ADDONS = ("queue_job", "session_db")
#: the name at the beginning of a requirement
DISTRIBUTION = re.compile(r"[\w.-]+")


def main():
    # Odoo makes folders where it keeps its data: not in the home of who runs this
    with tempfile.TemporaryDirectory() as data:
        start_odoo(data)
        return report()


def report():
    """Print what is wrong; return the exit code."""
    faults = [
        *faulty_manifests(),
        *faulty_modules(),
        *missing_imports(),
    ]
    for fault in faults:
        print(fault)
    print(f"Python {sys.version.split()[0]}: {len(faults)} faults", file=sys.stderr)
    return 1 if faults else 0


def start_odoo(data):
    """Have Odoo find its own addons, those of the environment and ours.

    :param data: folder in which it keeps its data
    """
    import odoo.modules
    import odoo.release
    import odoo.tools

    core = Path(odoo.release.__file__).parent / "addons"
    paths = [path for path in (core, core.parents[1] / "addons", ROOT / "addons")]
    known = ",".join(str(path) for path in paths if path.is_dir())
    options = [f"--addons-path={known}", f"--data-dir={data}"]
    odoo.tools.config.parse_config(options, setup_logging=False)
    odoo.modules.initialize_sys_path()


def own_addons():
    return sorted(path.parent for path in ROOT.glob("addons/*/__manifest__.py"))


def source_files():
    """Yield the Python files of our addons that users run, manifests left out."""
    for folder in own_addons():
        for path in sorted(folder.rglob("*.py")):
            parts = set(path.relative_to(folder).parts)
            if not parts & DEVELOPMENT and path.name != "__manifest__.py":
                yield path


# -- manifests -------------------------------------------------------------------------


def faulty_manifests():
    """Yield what the installation of one of our addons would refuse."""
    from odoo.modules.module import Manifest

    waiting = [*OTHER_ADDONS, *(folder.name for folder in own_addons())]
    known = set()
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        known.add(name)
        manifest = Manifest.for_addon(name, display_warning=False)
        if manifest is None:
            yield f"addon {name}: not found"
            continue
        waiting += manifest["depends"]
        yield from faulty_dependencies(manifest)


def faulty_dependencies(manifest):
    try:
        manifest.check_manifest_dependencies()
    except Exception as error:
        yield f"addon {manifest.name}: {error}"
        return
    for line in manifest["external_dependencies"].get("python", ()):
        for module in modules_of(DISTRIBUTION.match(line)[0]):
            if fault := import_fault(module):
                yield f"addon {manifest.name}: {line}: {fault}"


def modules_of(distribution):
    """Return the names that a distribution, or a module named so, is imported by."""
    wanted = distribution.lower().replace("_", "-")
    names = [
        module
        for module, owners in importlib.metadata.packages_distributions().items()
        if wanted in {owner.lower().replace("_", "-") for owner in owners}
    ]
    return [name for name in names if name.isidentifier()] or [distribution]


def import_fault(name):
    try:
        importlib.import_module(name)
    except Exception as error:
        return f"{name} cannot be imported ({error})"
    return None


# -- our own modules -------------------------------------------------------------------


def faulty_modules():
    """Yield the modules of our addons and scripts that cannot be imported."""
    for path in source_files():
        if "migrations" in path.parts:
            continue
        parts = ("odoo", *path.relative_to(ROOT).with_suffix("").parts)
        if fault := import_fault(".".join(parts).removesuffix(".__init__")):
            yield fault
    sys.path.insert(0, str(SCRIPTS))
    for path in script_files():
        parts = path.relative_to(SCRIPTS).with_suffix("").parts
        if fault := import_fault(".".join(parts).removesuffix(".__init__")):
            yield fault


def script_files():
    """Return the files under scripts/ that the entry points lead to, themselves too."""
    waiting = [SCRIPTS / f"{name}.py" for name in ENTRY_POINTS]
    found = []
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        found.append(path)
        for name in imported_names(path):
            parts = name.split(".")
            waiting += [SCRIPTS.joinpath(*parts).with_suffix(".py")]
            waiting += [SCRIPTS.joinpath(*parts[:-1]).with_suffix(".py")]
    return sorted(found)


# -- imports within functions ----------------------------------------------------------


def missing_imports():
    """Yield each import in a file of ours, within functions too, that leads nowhere."""
    checked = {}
    for path in [*source_files(), *script_files()]:
        for name in imported_names(path):
            if name not in checked:
                checked[name] = exists(name)
            if not checked[name]:
                yield f"{path.relative_to(ROOT)}: nothing is named {name}"


def imported_names(path):
    """Return the full names that a file imports, unless it can do without them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    optional = {id(node) for block in ast.walk(tree) for node in optional_nodes(block)}
    names = []
    for node in ast.walk(tree):
        if id(node) in optional:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and path.is_relative_to(SCRIPTS):
            package = ".".join(path.relative_to(SCRIPTS).parts[: -node.level])
            module = ".".join(filter(None, (package, node.module)))
            names += [f"{module}.{alias.name}" for alias in node.names]
    return names


def optional_nodes(block):
    """The nodes of a ``try`` whose ``ImportError`` is handled."""
    if isinstance(block, ast.Try) and any(
        handler.type is not None and "ImportError" in ast.unparse(handler.type)
        for handler in block.handlers
    ):
        for statement in block.body:
            yield from ast.walk(statement)


def exists(name):
    """Whether a module, or something in a module, has that full name."""
    module, _dot, attribute = name.rpartition(".")
    with contextlib.suppress(ImportError, AttributeError):
        importlib.import_module(name)
        return True
    try:
        holder = importlib.import_module(module)
    except ImportError:
        return False
    return attribute == "*" or hasattr(holder, attribute)


if __name__ == "__main__":
    sys.exit(main())
