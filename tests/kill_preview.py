"""The preview of a month in the background: whole or not at all, and not for ever."""

from unittest.mock import patch

import kill_points
from kill_place import Work
from kill_points import CRON, STATEMENT, after, before
from odoo_process import environment

RUN = "oiconnect.billing.run"
PRICE = 31.0


class Preview(Work):
    """An operator with an access and a PM; nothing of the preview is billed."""

    DEATHS = 2
    MOMENTS = {
        "it is requested": before(RUN, "_preview_in_background"),
        "its start is committed": before(RUN, "_preview_rows"),
        "a source is looked at": after(STATEMENT, "freeze"),
        "its progress was reported": after(RUN, "_report_preview", 2),
        "its amounts are known": after(RUN, "_preview_rows"),
        "its lines are about to be made": before(RUN, "_keep_preview"),
        "its lines are made": after(RUN, "_keep_preview"),
        "they are committed": after(CRON, "_commit_progress", 2),
    }

    def __init__(self, found, place):
        from odoo.addons.oiconnect_billing.tests.common import Billing
        from odoo.addons.oiconnect_billing.tests.sources import Sources

        super().__init__(found, place)
        company_id = place.company_id(found)
        number = next(place.numbers)
        with environment(found) as env:
            billing = Billing(env, f"TV{number}", env["res.company"].browse(company_id))
            operator = billing.operator(f"V{number:03d}")
            billing.access(operator, "2024-06-10")
            Sources(billing).pm_service(operator, "2024-06-10")
            for key in ("access", "pm_service"):
                billing.product(
                    PRICE, network_id=billing.network.id, name=key, source=key
                )
            self.run_id = billing.run("2025-01").id

    def run(self, found):
        """Ask for it, as who presses twice, and again where it was not shown."""
        from odoo.addons.oiconnect_billing.models import billing_run_process

        with patch.object(billing_run_process, "AT_ONCE", 0):
            with environment(found) as env:
                run = env[RUN].browse(self.run_id)
                for _click in range(0 if run.preview_date else 2):
                    run.action_preview()
            with environment(found) as env:
                env[RUN]._cron_preview()

    def stop(self):
        with environment(self.found) as env:
            env[RUN].browse(self.run_id).action_stop_preview()

    def run_and_stop(self):
        """A person stops it while a source is looked at."""
        with kill_points.at(self.found, before(STATEMENT, "freeze"), self.stop):
            self.run(self.found)

    def read(self):
        """Return its state, why it failed, and the amounts that it shows."""
        with environment(self.found) as env:
            run = env[RUN].browse(self.run_id)
            amounts = sorted(run.preview_ids.mapped("amount"))
            assert bool(run.preview_date) == bool(amounts)
            assert not run.item_ids
            return run.preview_state, run.preview_error, amounts

    def assert_done(self):
        assert self.read() == (False, False, [PRICE, PRICE])
