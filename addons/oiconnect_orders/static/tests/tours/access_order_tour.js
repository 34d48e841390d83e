import {journey} from "@oiconnect_base/../tests/tours/journey";
import {toAccesses} from "./accesses";
import {REFUSALS} from "./refusal_tour";

const STATE = ".o_statusbar_status .o_arrow_button_current";

// A user of the infrastructure operator cancels an order that is being connected.
const CANCELLED = {
    steps: () => [
        {
            content: "the list opens on the orders in progress",
            trigger: ".o_facet_value:contains(/^En cours$/)",
        },
        {
            content: "find the order by its reference",
            trigger: ".o_searchview_input",
            run: "edit OCT-ANNULER",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Référence)",
            run: "click",
        },
        {
            content: "it is alone in the list",
            trigger: ".o_pager_limit:contains(/^1$/)",
        },
        {
            trigger:
                ".o_data_row:contains(OCT-ANNULER) .o_data_cell[name=oc_reference]",
            run: "click",
        },
        {
            content: "the steps are those of its kind of connection",
            trigger: `${STATE}:contains(/^En raccordement$/)`,
        },
        {
            content: "read its history",
            trigger: ".o_notebook .nav-link.active[name=story]:contains(Déroulement)",
        },
        {
            trigger: ".o_timeline_entry:contains(Acceptation):contains(Acceptée)",
        },
        {
            trigger:
                ".o_timeline_entry:contains(Accusé de réception):contains(Fichier)",
        },
        {
            content: "cancel it",
            trigger: "button[name=action_decide]:contains(/^Annuler$/)",
            run: "click",
        },
        {
            content: "the dialog tells what follows",
            trigger: ".modal .alert:contains(La fibre est rendue)",
        },
        {
            trigger: ".modal .modal-title:contains(Annulation)",
        },
        {
            trigger: ".modal .o_field_widget[name=comment] input",
            run: "edit Demande par téléphone",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains(Confirmer)",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^Annulée$/)`,
        },
        {
            content: "no step is left to take",
            trigger: ".o_form_statusbar:not(:has(button[name^=action_]:visible))",
        },
        {
            content: "the history tells why",
            trigger:
                ".o_timeline_entry:contains(Annulation):contains(Demande par téléphone)",
        },
    ],
};

journey("oiconnect_access_order", CANCELLED, toAccesses, REFUSALS);
