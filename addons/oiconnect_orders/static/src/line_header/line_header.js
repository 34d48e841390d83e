import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Whose line it is, where, in which state, what comes next, and what begins here. */
export class LineHeader extends Component {
    static template = "oiconnect_orders.LineHeader";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get header() {
        return this.props.record.data[this.props.name] || {};
    }

    /** A form that is not saved yet shows its line once there is one. */
    get isShown() {
        const {customer, address, points, operator} = this.header;
        return (
            Boolean(this.props.record.resId || customer || address || points?.length) &&
            Boolean(operator || customer || address)
        );
    }

    get dates() {
        return [this.header.next, this.header.due].filter(Boolean);
    }

    when({date}) {
        return toLocaleDateTimeString(deserializeDateTime(date));
    }

    open({model, id}) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** Begins something on the line, of the record as it is on the screen. */
    async begin({name}) {
        const {record} = this.props;
        if (await record.save()) {
            await this.action.doActionButton({
                type: "object",
                name,
                resModel: record.resModel,
                resId: record.resId,
                onClose: () => record.model.root.load(),
            });
        }
    }
}

registry.category("fields").add("oiconnect_line_header", {
    component: LineHeader,
    displayName: _t("Header of the line"),
    supportedTypes: ["json"],
});
