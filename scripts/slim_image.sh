#!/usr/bin/env bash
# Run while the image is built (docker/Dockerfile): takes away what a server never reads,
# compiles the rest, which no one may write later.
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

find "$OIC_HOME/odoo" -path '*/addons/*/tests' -type d -prune -exec rm -rf {} +
# Half of its code is the accounting of other countries, addons that test others, and trades
# that an operator of infrastructure does not have: shops, web sites, factories, campaigns.
find "$OIC_HOME/odoo" \( -path '*/addons/l10n_*' -o -path '*/addons/test_*' \) -prune -type d \
    ! -name 'l10n_account_*' ! -name 'l10n_eu_*' ! -name 'l10n_fr*' -exec rm -rf {} +
find "$OIC_HOME/odoo" -regextype posix-extended -regex \
    '.*/addons/(website|pos|point_of|mrp|mass_mailing|event|survey|im_livechat|marketing|theme)(_.*)?' \
    -prune -type d -exec rm -rf {} +
# Addons that need one of these go too: Odoo would wait to install them, and run no scheduled
# action meanwhile. Of the campaigns a category is left, which the data of `base` name.
"$OIC_PYTHON" - "$(oic_odoo_root)/odoo/addons" <<'PY'
import ast, pathlib, shutil, sys

folder = pathlib.Path(sys.argv[1])
needs = {
    manifest.parent.name: ast.literal_eval(manifest.read_text()).get("depends", ["base"])
    for manifest in folder.glob("*/__manifest__.py")
}
while lost := [name for name, others in needs.items() if not needs.keys() >= set(others)]:
    for name in lost:
        shutil.rmtree(folder / name)
        del needs[name]
category = {
    "name": "Email Marketing",
    "category": "Marketing/Email Marketing",
    "author": "Odoo S.A.",
    "license": "LGPL-3",
    "installable": False,
}
(folder / "mass_mailing").mkdir()
(folder / "mass_mailing" / "__init__.py").touch()
(folder / "mass_mailing" / "__manifest__.py").write_text(f"{category}\n")
PY
# Tests of the libraries, for who changes these.
find "$OIC_VENV"/lib/python3*/site-packages/*/ -name tests -type d -prune -exec rm -rf {} +
rm -rf "$OIC_HOME/apt" "$OIC_HOME/pip" "$OIC_VENV"/bin/pip* \
    "$OIC_VENV"/lib/python3*/site-packages/pip{,-*}
"$OIC_PYTHON" -m compileall -q -j 0 --invalidation-mode unchecked-hash \
    "$(oic_odoo_root)" "$OIC_VENV/lib" >"$OIC_LOG/compile.log" ||
    say "note: some files do not compile (see $OIC_LOG/compile.log)"
