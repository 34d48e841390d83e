# shellcheck shell=bash
# GDAL for the tests that read tiles and GeoJSON as GIS tools do, sourced after lib.sh: root gets
# it from apt, others see a hint.

if ! command -v ogrinfo >/dev/null; then
    apt_install gdal 900 gdal-bin ||
        say "no GDAL: the tests by GIS tools are skipped (as root: apt-get install gdal-bin)"
fi
