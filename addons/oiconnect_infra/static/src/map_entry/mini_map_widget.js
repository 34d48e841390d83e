import {Component} from "@odoo/owl";
import {LazyComponent} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** In a form: where the object is, what is near, and the way to the map. */
export class MiniMapWidget extends Component {
    static template = "oiconnect_infra.MiniMapWidget";
    static components = {LazyComponent};
    static props = {...standardWidgetProps};

    setup() {
        this.actions = useService("action");
        this.open = this.open.bind(this);
    }

    get place() {
        const {
            map_latitude: lat,
            map_longitude: lon,
            map_bounds,
        } = this.props.record.data;
        const bounds = map_bounds || null;
        return lat || lon ? {lat, lon, bounds, open: this.open} : null;
    }

    /** Whether the object has a place of its own, or that of its PM or building. */
    get hasCoordinates() {
        return "projection" in this.props.record.fields;
    }

    open() {
        const {resId, resModel} = this.props.record;
        return this.actions.doActionButton({
            name: "action_show_on_map",
            resId,
            resModel,
            type: "object",
        });
    }
}

registry.category("view_widgets").add("oiconnect_mini_map", {
    component: MiniMapWidget,
    fieldDependencies: [
        {name: "map_latitude", type: "float", readonly: true},
        {name: "map_longitude", type: "float", readonly: true},
        {name: "map_bounds", type: "json", readonly: true},
    ],
});
