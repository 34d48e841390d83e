"""The tables of GraceTHD, from the catalogue of the addon, without loading Odoo."""

import importlib.util

from .tables import ADDONS

_PATH = ADDONS / "oiconnect_gracethd/catalogue/__init__.py"
_spec = importlib.util.spec_from_file_location("gracethd_catalogue", _PATH)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

TABLES, CODES, columns_of = _module.TABLES, _module.CODES, _module.columns_of
Column = _module.Column
