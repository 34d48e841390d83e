import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, toLocaleDateString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The life of a record, day by day, the newest first. */
export class Timeline extends Component {
    static template = "oiconnect_base.Timeline";
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
                {...entry, time, key: entry.kind + entry.id},
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

registry.category("fields").add("oiconnect_timeline", {
    component: Timeline,
    displayName: _t("Story of the record"),
    supportedTypes: ["json"],
});
