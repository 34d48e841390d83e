from odoo.addons.oiconnect_base.log_redaction import error_kind, redacted_error
from odoo.addons.queue_job.controllers.main import RunJobController
from odoo.addons.queue_job.exception import RetryableJobError

from ..models.runs.failure_text import (
    SECONDS_AFTER_OURS,
    is_ours,
    met_another_transaction,
)


class RedactedJobs(RunJobController):
    """A job that fails keeps its traceback, and logs it, without values of rows.

    One that failed by a fault of this machine or its database is put back for another
    minute, and its tries are as many as before.
    """

    @classmethod
    def _try_perform_job(cls, env, job):
        try:
            return super()._try_perform_job(env, job)
        except RetryableJobError:
            raise
        except Exception as error:
            if met_another_transaction(error):
                raise
            if is_ours(error):
                job.retry = max(0, job.retry - 1)
                message = f"{error_kind(error)}: tried again"
                raise RetryableJobError(message, SECONDS_AFTER_OURS) from None
            raise redacted_error(error) from None
