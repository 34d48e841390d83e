from . import flow_format_new
