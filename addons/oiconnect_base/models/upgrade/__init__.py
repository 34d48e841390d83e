from . import base
from . import ir_model_data
from . import ir_ui_view
