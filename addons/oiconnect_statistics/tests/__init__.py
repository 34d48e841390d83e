from . import test_charts
from . import test_export
from . import test_scheduled_statistics
from . import test_significance
from . import test_statistics_plans
from . import test_statistics_rights
from . import test_tour_statistics
