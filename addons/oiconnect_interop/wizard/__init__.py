from . import flow_format_new
from . import import_confirm
