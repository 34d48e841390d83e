from psycopg2 import OperationalError

from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from odoo.addons.oiconnect_orders.log_redaction import redacted_error
from odoo.addons.queue_job.controllers.main import RunJobController
from odoo.addons.queue_job.exception import RetryableJobError


class RedactedJobs(RunJobController):
    """A job that fails keeps its traceback, and logs it, without values of rows."""

    @classmethod
    def _try_perform_job(cls, env, job):
        try:
            return super()._try_perform_job(env, job)
        except RetryableJobError:
            raise
        except Exception as error:
            if _is_tried_again(error):
                raise
            raise redacted_error(error) from None


def _is_tried_again(error):
    """Tell whether the job queue tries again what met another transaction."""
    return (
        isinstance(error, OperationalError)
        and error.pgcode in PG_CONCURRENCY_ERRORS_TO_RETRY
    )
