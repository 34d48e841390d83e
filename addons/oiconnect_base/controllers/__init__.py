from . import help
from . import login
from . import two_factors
from . import single_sign_on
from . import sandbox
