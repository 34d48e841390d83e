from odoo.exceptions import UserError


class BusyError(UserError):
    """Someone else holds the record: nothing is wrong, it is worth another try."""


class WorkflowError(UserError):
    """An event that the state of a record does not allow.

    :param code: the protocol's code for this refusal, e.g. ``"FIMP16"``
    """

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code
