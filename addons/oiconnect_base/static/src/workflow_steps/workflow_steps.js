import {registry} from "@web/core/registry";
import {
    StatusBarField,
    statusBarField,
} from "@web/views/fields/statusbar/statusbar_field";

/** The state bar of a record with a workflow: the steps of its kind, and where it ended. */
export class WorkflowSteps extends StatusBarField {
    getAllItems() {
        const shown = this.props.record.data.shown_states;
        const items = super.getAllItems();
        return shown ? items.filter((item) => shown.includes(item.value)) : items;
    }
}

registry.category("fields").add("oiconnect_workflow_steps", {
    ...statusBarField,
    component: WorkflowSteps,
    additionalClasses: ["o_field_statusbar"],
    fieldDependencies: [{name: "shown_states", type: "json", readonly: true}],
});
