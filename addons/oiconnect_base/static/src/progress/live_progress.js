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
    setup() {
        super.setup();
        this.timer = setInterval(() => this.refresh(), EVERY);
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        const {record} = this.props;
        if (BUSY.includes(record.data.state) && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("oiconnect_live_progress", {
    ...progressBarField,
    component: LiveProgressField,
});
