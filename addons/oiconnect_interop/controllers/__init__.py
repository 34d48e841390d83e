from . import import_errors
