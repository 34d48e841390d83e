import {registry} from "@web/core/registry";

const STATE = ".o_statusbar_status .o_arrow_button_current";

/** Take the decision of a button; its dialog is confirmed. */
function decide(label, state) {
    return [
        {
            trigger: `button[name=action_decide]:contains(/^${label}$/)`,
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains(Confirmer)",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^${state}$/)`,
        },
    ];
}

// A user makes the fibres of a link available, delivers them and notes the validation.
registry.category("web_tour.tours").add("oiconnect_link_order", {
    steps: () => [
        {
            content: "the list opens on the orders in progress",
            trigger: ".o_facet_value:contains(/^En cours$/)",
        },
        {
            trigger: ".o_data_row .o_data_cell[name=oc_reference]:contains(OCT-TOUR)",
            run: "click",
        },
        {
            trigger: `${STATE}:contains(/^Accusée$/)`,
        },
        ...decide("Mettre à disposition", "Mise à disposition"),
        ...decide("Livrer", "Livrée"),
        ...decide("Valider", "Validée"),
        {
            trigger: ".o_notebook .nav-link:contains(/^Fibres$/)",
            run: "click",
        },
        {
            content: "each fibre has its line",
            trigger: ".o_data_row:contains(OITO-LNP-1):eq(1)",
        },
        {
            trigger: ".oe_stat_button:contains(Prestation de lien)",
            run: "click",
        },
        {
            content: "the service that the operator has now",
            trigger: ".o_breadcrumb:contains(Prestation)",
        },
    ],
});
