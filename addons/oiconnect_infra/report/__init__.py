from . import trace_report
