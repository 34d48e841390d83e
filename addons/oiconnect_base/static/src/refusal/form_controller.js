import {FormController} from "@web/views/form/form_controller";
import {patch} from "@web/core/utils/patch";
import {rpcBus} from "@web/core/network/rpc";
import {status} from "@odoo/owl";
import {useBus} from "@web/core/utils/hooks";

/** What was refused was asked of a record that others have changed: it is read again. */
patch(FormController.prototype, {
    setup() {
        super.setup();
        if (!this.env.inDialog) {
            useBus(rpcBus, "RPC:RESPONSE", ({detail}) => this.reloadIfRefused(detail));
        }
    },

    async reloadIfRefused({data, error}) {
        const isAction = data.params?.method?.startsWith("action_");
        if (!error || !isAction || !this.model.root.resId) {
            return;
        }
        if (!(await this.model.root.isDirty()) && status(this) === "mounted") {
            await this.model.load();
        }
    },
});
