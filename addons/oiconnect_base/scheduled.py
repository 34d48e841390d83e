"""Scheduled actions that are wanted sooner than at their next time."""


def wake(env, xml_id):
    """Run the scheduled action ``xml_id`` once this transaction is committed.

    One that somebody deleted is no error. Messages ask for it by hundreds:
    ``env.ref`` would look each time whether it is there.
    """
    action = env["ir.model.data"]._xmlid_to_res_id(xml_id, raise_if_not_found=False)
    if action:
        env["ir.cron"].sudo().browse(action)._trigger()
