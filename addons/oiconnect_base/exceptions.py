from odoo.exceptions import UserError


class RefusedError(UserError):
    """User error whose message is shown without a traceback.

    The web client chooses the dialog of an exception by its exact name, and for a name
    that it does not know by this context: without it people read "Oops!" and a trace.
    """

    context = {"exception_class": "odoo.exceptions.UserError"}


class BusyError(RefusedError):
    """The record is locked by another transaction; the call may be tried again."""


class WorkflowError(RefusedError):
    """An event that the state of a record does not allow.

    :param code: the protocol's code for this refusal, None where it has none
    """

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code
