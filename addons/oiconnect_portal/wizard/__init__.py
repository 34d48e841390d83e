from . import portal_wizard
from . import partner_merge
