from . import test_catalogue
from . import test_checks
from . import test_import_gracethd
from . import test_reading
from . import test_export
from . import test_tour_gracethd
from . import test_undo
from . import test_difference
