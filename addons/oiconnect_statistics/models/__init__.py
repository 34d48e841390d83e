from . import help
from . import statistics
from . import statistics_chart
from . import statistics_rate
from . import statistics_export
from . import scheduled_report
