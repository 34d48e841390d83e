from . import test_equal_answer
from . import test_openid
from . import test_password_policy
from . import test_passwords
from . import test_single_sign_on
from . import test_two_factors
