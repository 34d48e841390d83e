import {goToForm} from "@oiconnect_infra/../tests/tours/go_to";
import {map, total} from "@oiconnect_infra/../tests/tours/map_steps";
import {registry} from "@web/core/registry";

const NAME = "livraison-essai.zip";

/** What the delivery holds: given when the tour starts, not yet when it is looked for. */
const delivery = () => window.oiconnectDelivery || {};

/** Give the delivery to a field as a user does. */
function choose(input) {
    const {content} = delivery();
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], NAME, {type: "application/zip"}));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
}

const back = [
    {
        content: "back to the import",
        trigger: `.breadcrumb-item:contains(${NAME}) a`,
        run: "click",
    },
    {trigger: "button[name=action_show_errors_on_map]"},
];

const check = () => [
    {trigger: ".o_list_button_add", run: "click"},
    {
        trigger: ".o_field_widget[name=file] input[type=file]:not(:visible)",
        run: ({anchor}) => choose(anchor),
    },
    {
        content: "the delivery is recognised",
        trigger: "button[name=action_check]:contains(Contrôler la livraison)",
        run: "click",
    },
    {
        content: "it is checked, nothing is applied",
        trigger: ".o_arrow_button_current:contains(Vérifié)",
    },
];

const seeOnMap = () => [
    {
        trigger: "button[name=action_show_errors_on_map]:contains(Carte)",
        run: "click",
    },
    {
        content: "all errors that have a place are there",
        trigger: `${map()} ${total("delivery_error", delivery().errors)}`,
    },
    {
        content: "the delivery is shown as a filter",
        trigger: `.o_oic_map_chip:contains(${NAME})`,
    },
    {
        content: "a mark opens its card",
        trigger: ".o_oic_point[aria-label*=GT11]",
        run: "click",
    },
    {trigger: ".o_oic_map_card:contains(GT11):contains(t_adresse)"},
    {trigger: ".o_oic_map_card:contains(Quoi faire):contains(ad_nblhab)"},
    {
        content: "the card leads to the errors",
        trigger: ".o_oic_map_card .o_oic_map_open:contains(Voir les erreurs)",
        run: "click",
    },
    {trigger: ".o_data_row:contains(t_adresse) button[name=action_show_on_map]"},
    {trigger: ".o_last_breadcrumb_item:contains(Erreurs de)"},
    ...back,
    {
        content: "one error of the list, on the map",
        trigger: "button.oe_stat_button[name=action_view_errors]",
        run: "click",
    },
    {trigger: ".o_group_header:contains(t_adresse)", run: "click"},
    {
        trigger: ".o_data_row:contains(GT11) button[name=action_show_on_map]",
        run: "click",
    },
    {trigger: `${map()} .o_oic_map_card:contains(GT11)`},
    ...back,
];

const apply = () => [
    {
        trigger:
            ".o_form_view button[name=action_start].btn-primary:contains(Importer)",
        run: "click",
    },
    {
        content: "it asks before",
        trigger: ".modal:contains(appliquée au réseau) .btn-primary",
        run: "click",
    },
    {trigger: ".o_arrow_button_current:contains(Importé)"},
];

const trace = () => [
    ...goToForm(delivery().pto),
    {trigger: "button[name=action_trace]:contains(Route optique)", run: "click"},
    {
        content: "the socket is traced to its drawer",
        trigger: `.o_trace_drawing svg:contains(${delivery().drawer})`,
    },
];

const undo = () => [
    ...back,
    {
        trigger: "button[name=action_undo]:contains(Annuler la livraison)",
        run: "click",
    },
    {
        trigger: ".modal:contains(Tout ce que) .btn-primary",
        run: "click",
    },
    {trigger: ".o_arrow_button_current:contains(Annulée)"},
    {trigger: ".alert-info:contains(peut être importée à nouveau)"},
];

registry.category("web_tour.tours").add("oiconnect_gracethd", {
    steps: () => [...check(), ...seeOnMap(), ...apply(), ...trace(), ...undo()],
});
