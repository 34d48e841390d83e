import {onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";

const EVERY = 2000;
const BUSY = ["queued", "waiting", "running"];

/** A progress bar that follows the work of the server while it goes on. */
export class LiveProgressField extends ProgressBarField {
    static props = {
        ...ProgressBarField.props,
        stateField: {type: String, optional: true},
    };
    static defaultProps = {...ProgressBarField.defaultProps, stateField: "state"};

    setup() {
        super.setup();
        this.timer = setInterval(() => this.refresh(), EVERY);
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        const {record, stateField} = this.props;
        if (BUSY.includes(record.data[stateField]) && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("oiconnect_live_progress", {
    ...progressBarField,
    component: LiveProgressField,
    extractProps: (field, dynamicInfo) => ({
        ...progressBarField.extractProps(field, dynamicInfo),
        stateField: field.options.state_field,
    }),
});
