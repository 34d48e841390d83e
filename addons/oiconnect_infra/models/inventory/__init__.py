"""Objects of the network, from the NRO to the PTO."""

from . import value_lists
from . import technical_pm
from . import nro
from . import lot
from . import prdm
from . import pm
from . import pm_plan
from . import pm_link
from . import pbo
from . import manager
from . import building
from . import building_level
from . import pb_batch
from . import pto
from . import pto_lot
from . import splice_box
from . import pbo_cable
from . import pbo_cable_line
from . import pbo_fibre
from . import pm_module
from . import pm_position
from . import pm_link_fibre
