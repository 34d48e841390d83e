from . import pm_service_change
