from . import mutation
