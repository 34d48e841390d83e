from . import technician_report
from . import box_plan
from . import box_plan_report
from . import route_table
from . import route_table_report
from . import trace_report
