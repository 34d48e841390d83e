import {choose} from "./fields";
import {registry} from "@web/core/registry";

const STATE = ".o_statusbar_status .o_arrow_button_current";
const TODO = ".alert:contains(Envoyer un CR MAD)";

// By telephone an operator rents a PM; a user makes it available, then sends it anew.
registry.category("web_tour.tours").add("oiconnect_pm_order", {
    steps: () => [
        {
            content: "the list opens on the orders in progress",
            trigger: ".o_facet_value:contains(/^En cours$/)",
        },
        {
            trigger: ".o_control_panel button:contains(/^Nouveau$/)",
            run: "click",
        },
        ...choose("operator_id", "OCT1", "OCT1"),
        ...choose("pm_id", "OITO-PM-2", "OITO-PM-2"),
        {
            trigger: ".modal button[name=action_order]:contains(Prendre la commande)",
            run: "click",
        },
        {
            content: "the order opens, with what is to do",
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^Accusée$/)`,
        },
        {
            trigger: TODO,
        },
        {
            trigger: "button[name=action_decide]:contains(/^Envoyer le CR MAD$/)",
            run: "click",
        },
        {
            content: "the dialog tells what follows",
            trigger: ".modal p:contains(informé)",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains(Confirmer)",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^Mise à disposition$/)`,
        },
        {
            content: "nothing is left to do, and the service is there",
            trigger: `.o_form_view:not(:has(${TODO})) .o_field_widget[name=service_id]:contains(OCT1)`,
        },
        {
            content: "the story tells what left",
            trigger: ".o_timeline_entry:contains(CRMAD)",
        },
        {
            trigger:
                "button[name=action_decide]:contains(/^Envoyer un CR de mise à jour$/)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains(Confirmer)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_timeline_entry:contains(CRMAD):eq(1)",
        },
    ],
});
