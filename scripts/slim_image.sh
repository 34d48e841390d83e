#!/usr/bin/env bash
# Run while the image is built (docker/Dockerfile): takes away what a server never reads,
# compiles the rest, which nobody may write later.
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
# Of the campaigns a category is left: the data of `base` name it, and without it no database
# can be made.
campaigns="$(oic_odoo_root)/odoo/addons/mass_mailing"
mkdir "$campaigns"
printf "{'name': '%s', 'category': '%s', 'author': '%s', 'license': '%s', 'installable': False}\n" \
    'Email Marketing' 'Marketing/Email Marketing' 'Odoo S.A.' 'LGPL-3' >"$campaigns/__manifest__.py"
: >"$campaigns/__init__.py"
# Tests of the libraries, for who changes these.
find "$OIC_VENV"/lib/python3*/site-packages/*/ -name tests -type d -prune -exec rm -rf {} +
rm -rf "$OIC_HOME/apt" "$OIC_HOME/pip" "$OIC_VENV"/bin/pip* \
    "$OIC_VENV"/lib/python3*/site-packages/pip{,-*}
"$OIC_PYTHON" -m compileall -q -j 0 --invalidation-mode unchecked-hash \
    "$(oic_odoo_root)" "$OIC_VENV/lib" >"$OIC_LOG/compile.log" ||
    say "note: some files do not compile (see $OIC_LOG/compile.log)"
