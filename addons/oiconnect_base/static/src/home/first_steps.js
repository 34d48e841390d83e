import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** The steps from an empty database to the first order: done, next, to come. */
export class FirstSteps extends Component {
    static template = "oiconnect_base.FirstSteps";
    static props = {start: Object, open: Function, hide: Function};

    setup() {
        this.done = _t("Done");
        this.toDo = _t("To do");
    }

    get next() {
        return this.props.start.steps.find((step) => !step.is_done);
    }

    get doneCount() {
        return this.props.start.steps.filter((step) => step.is_done).length;
    }
}
