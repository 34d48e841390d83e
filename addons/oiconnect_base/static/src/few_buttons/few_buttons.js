import {FormRenderer} from "@web/views/form/form_renderer";
import {StatusBarButtons} from "@web/views/form/status_bar_buttons/status_bar_buttons";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/** Buttons of a form: the first three, the next step before all; a menu has the rest. */
export class FewButtons extends StatusBarButtons {
    static template = "oiconnect_base.FewButtons";
    static MOST = 3;

    get shownSlotNames() {
        return this.visibleSlotNames.slice(0, this.constructor.MOST);
    }

    get otherSlotNames() {
        return this.visibleSlotNames.slice(this.constructor.MOST);
    }
}

export class FewButtonsRenderer extends FormRenderer {
    static components = {
        ...FormRenderer.components,
        StatusBarButtons: FewButtons,
    };
}

registry.category("views").add("oiconnect_form", {
    ...formView,
    Renderer: FewButtonsRenderer,
});
