import {registry} from "@web/core/registry";

const STATE = ".o_statusbar_status .o_arrow_button_current";

function firstDay() {
    return document.querySelector(".modal .o_oic_slot_week section")?.dataset.day;
}

// A user of the infrastructure operator answers the requests of the day.
registry.category("web_tour.tours").add("oiconnect_appointment", {
    steps: () => [
        {
            content: "the list opens on what waits for an answer",
            trigger: ".o_facet_value:contains(/^À valider$/)",
        },
        {
            trigger: ".o_breadcrumb:contains(/^RDV/)",
        },
        {
            content: "two requests, both of the same operator",
            trigger: ".o_pager_limit:contains(/^2$/)",
        },
        {
            content: "open the request on which the operator wrote its reference",
            trigger: ".o_data_row:contains(OCT-VALIDER) .o_data_cell[name=reference]",
            run: "click",
        },
        {
            trigger: `${STATE}:contains(/^Réservé$/)`,
        },
        {
            content: "what cannot be done yet is not offered",
            trigger:
                ".o_form_statusbar:not(:has(button[name=action_visit]:visible)):has(button[name=action_propose]:contains(Proposer un autre créneau))",
        },
        {
            content: "validate it",
            trigger: "button[name=action_confirm]:contains(/^Confirmer$/)",
            run: "click",
        },
        {
            trigger: `${STATE}:contains(/^Confirmé$/)`,
        },
        {
            content: "go back to the requests",
            trigger: ".o_back_button, .breadcrumb-item:contains(RDV) a",
            run: "click",
        },
        {
            content: "one is left",
            trigger: ".o_data_row:contains(OCT-DEPLACER) .o_data_cell[name=reference]",
            run: "click",
        },
        {
            content: "move it",
            trigger: "button[name=action_move]:contains(/^Déplacer$/)",
            run: "click",
        },
        {
            trigger: ".modal .modal-title:contains(Déplacer vers un autre créneau)",
        },
        {
            trigger: ".modal .o_field_widget[name=comment] input",
            run: "edit Le client préfère un autre jour",
        },
        {
            content: "look at the week after",
            trigger: ".modal button[name=action_later]:contains(Semaine suivante)",
            async run({click}) {
                const before = firstDay();
                await click();
                while (firstDay() === before) {
                    await new Promise((resolve) => setTimeout(resolve, 20));
                }
            },
        },
        {
            content: "take its first slot",
            trigger:
                ".modal .o_field_widget[name=slot_ids]:contains(Équipe du tour) .o_oic_slot:first",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=move_count]:contains(1)",
        },
        {
            content: "the history tells from when to when, and why",
            trigger:
                ".o_data_row:contains(Changement de créneau):contains(Le client préfère un autre jour)",
        },
        {
            trigger: "button[name=action_confirm]:contains(/^Confirmer$/)",
            run: "click",
        },
        {
            trigger: `${STATE}:contains(/^Confirmé$/)`,
        },
        {
            trigger: ".o_back_button, .breadcrumb-item:contains(RDV) a",
            run: "click",
        },
        {
            content: "nothing waits any more",
            trigger: ".o_nocontent_help:contains(Toutes les demandes ont leur réponse)",
        },
        {
            content: "see them in the calendar of the teams",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_cp_switch_buttons .o_switch_view.o_calendar",
            run: "click",
        },
        {
            trigger:
                ".o_calendar_sidebar .o_calendar_filter_item:contains(Équipe du tour)",
        },
    ],
});

// The customer was absent: the order offers the step that works, until it goes on.
registry.category("web_tour.tours").add("oiconnect_order_visits", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(OCT-ABSENT) .o_data_cell[name=oc_reference]",
            run: "click",
        },
        {
            content: "three buttons, the first of them highlighted",
            trigger:
                ".o_statusbar_buttons:has(.btn-primary:first-child):has(.o_oic_other_actions:nth-child(4))",
        },
        {
            content: "the others are in a menu",
            trigger: ".o_oic_other_actions:contains(Autres actions)",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu button[name=action_decide]:contains(/^Annuler$/)",
        },
        {
            trigger: ".o_oic_other_actions",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.o-dropdown--menu)) button.btn-primary[name=action_move_visit]:contains(Déplacer le rendez-vous)",
            run: "click",
        },
        {
            content: "it opens on the week that has a free slot",
            trigger: ".modal .o_oic_slot:first",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) button.btn-primary[name=action_confirm_visit]:contains(Confirmer le rendez-vous)",
            run: "click",
        },
        {
            trigger: `${STATE}:contains(/^En raccordement$/)`,
        },
    ],
});

registry.category("web_tour.tours").add("oiconnect_day_map", {
    steps: () => [
        {
            content: "the visits of the day, in their order",
            trigger: ".o_oic_day_visit:contains(Confirmé):contains(12 RUE DES ESSAIS)",
            run: "click",
        },
        {
            content: "where it is",
            trigger: ".o_oic_day_map .o_oic_ring",
        },
        {
            trigger: ".o_oic_day_map .o_oic_day_point:contains(1)",
        },
        {
            content: "another day has none",
            trigger: "button[aria-label='Jour suivant']",
            run: "click",
        },
        {
            trigger: ".o_oic_day_list:contains(Aucune visite ce jour-là)",
        },
        {
            trigger: "button[aria-label='Jour précédent']",
            run: "click",
        },
        {
            trigger: ".o_oic_day_open",
            run: "click",
        },
        {
            trigger: `${STATE}:contains(/^Confirmé$/)`,
        },
    ],
});
