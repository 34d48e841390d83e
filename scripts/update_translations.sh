#!/usr/bin/env bash
# make i18n: writes each addon's i18n/<addon>.pot again and merges it into its fr.po.
folder="$(dirname "$0")"
"$folder/setup.sh" --dev && exec "$folder/check_translations.sh" --update
