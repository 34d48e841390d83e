from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def _load_records(self, data_list, update=False):
        """Leave alone what people may change, where it is there before its addon.

        A record that came from another addon, with its external id, is as old as that
        one; Odoo would write it anew when its own addon is installed.
        """
        addon = self.env.context.get("install_module") or ""
        if addon.startswith("oiconnect_"):
            own = f"{addon}."
            update = update or all(
                (data.get("xml_id") or "").startswith(own) for data in data_list
            )
        return super()._load_records(data_list, update)
