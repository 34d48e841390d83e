import {Component, xml} from "@odoo/owl";
import {LazyComponent} from "@web/core/assets";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/** The map of the network; its code and Leaflet are loaded when it is opened. */
export class MapAction extends Component {
    static template = xml`
        <LazyComponent
            bundle="'oiconnect_infra.assets_map'"
            Component="'oiconnect_infra.NetworkMap'"
            props="props"
        />`;
    static components = {LazyComponent};
    static props = {...standardActionServiceProps};
    static path = "network-map";
    static displayName = _t("Network map");
}

registry.category("actions").add("oiconnect_infra.map", MapAction);
