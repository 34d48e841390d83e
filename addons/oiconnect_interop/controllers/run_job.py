from odoo.addons.oiconnect_base.log_redaction import redacted_error
from odoo.addons.queue_job.controllers.main import RunJobController
from odoo.addons.queue_job.exception import RetryableJobError

from ..models.runs.failure_text import met_another_transaction


class RedactedJobs(RunJobController):
    """A job that fails keeps its traceback, and logs it, without values of rows."""

    @classmethod
    def _try_perform_job(cls, env, job):
        try:
            return super()._try_perform_job(env, job)
        except RetryableJobError:
            raise
        except Exception as error:
            if met_another_transaction(error):
                raise
            raise redacted_error(error) from None
