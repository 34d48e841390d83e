import {registry} from "@web/core/registry";
import {
    StatusBarField,
    statusBarField,
} from "@web/views/fields/statusbar/statusbar_field";

/** The state bar of an order: the steps of its kind, and where it ended. */
export class OrderSteps extends StatusBarField {
    getAllItems() {
        const shown = this.props.record.data.shown_states || [];
        return super.getAllItems().filter((item) => shown.includes(item.value));
    }
}

registry.category("fields").add("oiconnect_order_steps", {
    ...statusBarField,
    component: OrderSteps,
    additionalClasses: ["o_field_statusbar"],
    fieldDependencies: [{name: "shown_states", type: "json", readonly: true}],
});
