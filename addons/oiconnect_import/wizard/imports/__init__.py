from . import import_confirm
