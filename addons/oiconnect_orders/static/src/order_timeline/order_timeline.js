import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, toLocaleDateString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const KINDS = {
    line: {icon: "fa-download", label: _t("Line received")},
    visit: {icon: "fa-calendar", label: _t("Appointment")},
    decision: {icon: "fa-gavel", label: _t("Decision")},
    step: {icon: "fa-flag", label: _t("Step")},
    message: {icon: "fa-paper-plane", label: _t("Message to the operator")},
};

/** The life of an order, day by day, the newest first. */
export class OrderTimeline extends Component {
    static template = "oiconnect_orders.OrderTimeline";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get days() {
        const days = new Map();
        for (const entry of this.props.record.data[this.props.name] || []) {
            const date = deserializeDateTime(entry.date);
            const day = toLocaleDateString(date);
            const time = date.toLocaleString(luxon.DateTime.TIME_SIMPLE);
            days.set(day, [
                ...(days.get(day) || []),
                {...entry, ...KINDS[entry.kind], time, key: entry.kind + entry.id},
            ]);
        }
        return [...days].map(([day, entries]) => ({day, entries}));
    }

    open({model, id}) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("oiconnect_order_timeline", {
    component: OrderTimeline,
    displayName: _t("Story of the order"),
    supportedTypes: ["json"],
});
