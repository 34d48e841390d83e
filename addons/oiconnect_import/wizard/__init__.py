from . import imports
