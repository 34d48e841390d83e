import {Component, onWillStart, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {openingState} from "./map_memory";
import {messageOf} from "./map_model";
import {MapScreen} from "./map_screen";
import {MapServer} from "./map_server";

/** The client action: settings first, then the map; or why there is none. */
export class NetworkMap extends Component {
    static template = "oiconnect_infra.NetworkMap";
    static components = {Layout, MapScreen};
    static props = {...standardActionServiceProps};

    setup() {
        this.server = new MapServer();
        this.opening = openingState(this.props);
        this.state = useState({settings: null, error: "", loading: false});
        onWillStart(async () => {
            this.mayDraw = await user.checkAccessRight("oiconnect.zone", "write");
            await this.load();
        });
    }

    get isForbidden() {
        const {settings} = this.state;
        return Boolean(settings) && !Object.keys(settings.states).length;
    }

    async load() {
        this.state.loading = true;
        try {
            this.state.settings = await this.server.ask("settings");
            this.state.error = "";
        } catch (error) {
            this.state.error = messageOf(error);
        }
        this.state.loading = false;
    }
}

registry.category("lazy_components").add("oiconnect_infra.NetworkMap", NetworkMap);
