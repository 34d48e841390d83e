import {Chatter} from "@mail/chatter/web_portal/chatter";
import {Component} from "@odoo/owl";
import {FormCompiler} from "@web/views/form/form_compiler";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** What people write of a record, as one tab among others of its form. */
export class Discussion extends Component {
    static template = "oiconnect_base.Discussion";
    static components = {Chatter};
    static props = {...standardWidgetProps};

    get hasActivities() {
        return "activity_ids" in this.props.record.fields;
    }

    async save() {
        await this.props.record.save();
    }
}

registry.category("view_widgets").add("oiconnect_discussion", {component: Discussion});

/** A page whose ``count`` names a field shows its number beside the title. */
patch(FormCompiler.prototype, {
    compileNotebook(el) {
        const notebook = super.compileNotebook(...arguments);
        for (const page of el.querySelectorAll(":scope > page[count]")) {
            const name = JSON.stringify(page.getAttribute("name"));
            const slot = [...notebook.children].find(
                (node) => node.getAttribute("name") === name
            );
            if (slot) {
                const count = `__comp__.props.record.data[${JSON.stringify(
                    page.getAttribute("count")
                )}]`;
                const title = slot.getAttribute("title");
                slot.setAttribute(
                    "title",
                    `${title} + (${count} ? " (" + ${count} + ")" : "")`
                );
            }
        }
        return notebook;
    },
});
