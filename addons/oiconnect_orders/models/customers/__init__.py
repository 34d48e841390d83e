from . import customer_mixin
from . import ir_attachment
from . import event
