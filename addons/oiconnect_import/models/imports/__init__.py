from . import import_
from . import import_file
from . import import_error
from . import import_count
from . import import_preview
from . import import_progress
from . import import_run
