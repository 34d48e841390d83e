"""The form of orders has a timeline instead of the lists that this view completed."""


def migrate(cr, version):
    cr.execute(
        """
        DELETE FROM ir_ui_view WHERE id IN (
            SELECT res_id FROM ir_model_data
            WHERE module = 'oiconnect_interop' AND model = 'ir.ui.view'
                AND name = 'access_order_view_form'
        )
        """
    )
