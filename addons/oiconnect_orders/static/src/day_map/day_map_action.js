import {Component, xml} from "@odoo/owl";
import {LazyComponent} from "@web/core/assets";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/** The map of a day; it comes with the map of the network, when it is opened. */
export class DayMapAction extends Component {
    static template = xml`
        <LazyComponent
            bundle="'oiconnect_infra.assets_map'"
            Component="'oiconnect_orders.DayMap'"
            props="props"
        />`;
    static components = {LazyComponent};
    static props = {...standardActionServiceProps};
    static path = "day-map";
    static displayName = _t("Map of the day");
}

registry.category("actions").add("oiconnect_orders.day_map", DayMapAction);
