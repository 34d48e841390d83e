import {useBus} from "@web/core/utils/hooks";
import {patch} from "@web/core/utils/patch";
import {url} from "@web/core/utils/urls";
import {ControlPanel} from "@web/search/control_panel/control_panel";

const APP = "oiconnect_base.menu_root";

patch(ControlPanel.prototype, {
    setup() {
        super.setup();
        // The app is known after the first screen that an address opens.
        useBus(this.env.bus, "MENUS:APP-CHANGED", () => this.render());
    },

    /** The address of the help of this screen, for the screens of our app. */
    get helpUrl() {
        const {menu} = this.env.services;
        if (this.env.inDialog || menu?.getCurrentApp()?.xmlid !== APP) {
            return "";
        }
        return url("/oiconnect/aide", {
            action: this.env.config.actionId || "",
            model: this.env.searchModel?.resModel || "",
        });
    },
});
