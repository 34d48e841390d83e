from . import test_access
from . import test_isolation
from . import test_requests
from . import test_services
from . import test_invoices
from . import test_disputes
from . import test_conformance
from . import test_tour_space
