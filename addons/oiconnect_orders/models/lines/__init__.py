from . import line_mixin
