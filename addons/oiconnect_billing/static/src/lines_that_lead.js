import {registry} from "@web/core/registry";
import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";

/** Lines of a form that run the action of their list, in place of a dialog of their fields. */
export class LinesThatLead extends X2ManyField {
    openRecord(record) {
        const {action, type} = this.archInfo.openAction;
        return this.action.doActionButton({
            name: action,
            type,
            resModel: record.resModel,
            resId: record.resId,
            resIds: record.resIds,
            context: record.context,
        });
    }
}

registry.category("fields").add("oiconnect_lines_that_lead", {
    ...x2ManyField,
    component: LinesThatLead,
});
