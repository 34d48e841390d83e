from . import words_mixin
from . import workflow_step
from . import workflow
from . import workflow_reception
from . import event
