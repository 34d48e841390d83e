"""Last month, invoiced: two posted, the last a draft; and what is contested of it."""

from odoo.addons.oiconnect_billing.periods import previous_month
from odoo.addons.oiconnect_orders.protocol_time import local_now

# Who contests, and why
CONTESTED_BY = "OCAA"
REASONS = ("Accès résilié avant ce mois", "Accès jamais mis en service")


def load(env, network):
    run = env["oiconnect.billing.run"].create(
        {"network_id": network.id, "month": previous_month(local_now().date())}
    )
    run.action_compute()
    posted = run.move_ids.sorted(lambda move: move.oiconnect_operator_id.interop_code)
    posted[:-1].action_post()
    _contest(env, posted[:1])


def _contest(env, invoice):
    """Contest two accesses of an invoice; the first is refused."""
    if invoice.oiconnect_operator_id.interop_code != CONTESTED_BY:
        return
    lines = invoice.oiconnect_item_ids.line_ids[: len(REASONS)]
    rows = [
        f"L{line.id};{line.amount:.2f};{reason}"
        for line, reason in zip(lines, REASONS, strict=False)
    ]
    content = "\r\n".join(["Numéro de ligne;Montant contesté;Motif", *rows, ""])
    disputes = env["oiconnect.billing.dispute"].sudo()
    dispute, _problems = disputes._import_file(
        invoice.oiconnect_operator_id,
        invoice.company_id,
        content.encode(),
        f"contestation-{CONTESTED_BY}.csv",
    )
    dispute.line_ids[:1]._refuse("L'accès était en service tout le mois.")
