import {registry} from "@web/core/registry";

const STATE = ".o_statusbar_status .o_arrow_button_current";

// A user of the infrastructure operator plans a PB, then reports that it is laid.
registry.category("web_tour.tours").add("oiconnect_pb_order", {
    steps: () => [
        {
            content: "the list opens on the orders in progress",
            trigger: ".o_facet_value:contains(/^En cours$/)",
        },
        {
            trigger: ".o_data_row:contains(PB-000001):contains(PB à planifier)",
        },
        {
            trigger: ".o_data_row:contains(PB-000001) .o_data_cell[name=oc_reference]",
            run: "click",
        },
        {
            content: "what is to do comes first",
            trigger: ".alert:contains(PB à planifier)",
        },
        {
            trigger: `${STATE}:contains(/^Accusée$/)`,
        },
        {
            trigger: "button[name=action_decide]:contains(/^Planifier le PB$/)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=pb_date]:visible",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains(Confirmer)",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^PB planifié$/)`,
        },
        {
            trigger: "button[name=action_decide]:contains(/^PB posé$/)",
            run: "click",
        },
        {
            content: "the dialog tells what follows",
            trigger: ".modal p:contains(deviennent déployées)",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains(Confirmer)",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^PB posé$/)`,
        },
        {
            content: "the building is connectable, and the story tells how",
            trigger: ".o_field_widget[name=building_state]:contains(Déployé)",
        },
        {
            trigger: ".o_timeline_entry:contains(Pose planifiée)",
        },
        {
            content: "no step is left to take",
            trigger: ".o_form_statusbar:not(:has(button[name^=action_]:visible))",
        },
    ],
});
