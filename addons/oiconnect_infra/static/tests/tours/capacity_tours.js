import {inClicks} from "@oiconnect_base/../tests/tours/clicks";
import {journey} from "@oiconnect_base/../tests/tours/journey";
import {goTo} from "./go_to";

/** Pastes a text, as from a message, into the box of references. */
function paste(text) {
    return [
        {
            trigger: ".o_oic_quick_search_input",
            run() {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/plain", text);
                this.anchor.dispatchEvent(
                    new ClipboardEvent("paste", {
                        bubbles: true,
                        cancelable: true,
                        clipboardData,
                    })
                );
            },
        },
    ];
}

const SATURATION = {
    steps: () => [
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {trigger: ".o_menu_item:contains(/^Saturé$/)", run: "click"},
        {
            content: "only the full PBO is left",
            trigger:
                ".o_list_view:not(:has(.o_data_row:eq(1))) .o_data_row:contains(PBO-PLEIN)",
        },
        {
            content: "text beside the colour",
            trigger: ".o_data_cell[name=saturation] .text-bg-danger:contains(Saturé)",
        },
        {
            content: "the bar tells what it shows",
            trigger:
                ".o_data_cell[name=occupation] .o_oic_capacity[title='Utilisées : 3, Réservées : 1']:contains(Libres : 0 sur 4)",
        },
        {trigger: ".o_data_row .o_data_cell[name=reference]", run: "click"},
        {
            content: "the form shows the bar with its legend",
            trigger: ".o_form_view .o_oic_capacity_legend:contains(Utilisées : 3)",
        },
        {trigger: ".o_form_view .o_oic_capacity_bar .o_oic_capacity_reserved"},
        {trigger: ".o_back_button", run: "click"},
        {trigger: ".o_searchview_facet .o_facet_remove", run: "click"},
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {
            trigger: ".o_group_by_menu .o_menu_item:contains(/^Saturation$/)",
            run: "click",
        },
        {
            content: "one group for each level",
            trigger: ".o_group_header:contains(Saturé):contains(1)",
        },
    ],
};

const FIBRES = {
    steps: () => [
        ...goTo("cb 99001 0042 03"),
        {
            trigger: ".o_form_view button:contains(Générer les fibres)",
            run: "click",
        },
        {
            content: "what will be made is shown before",
            trigger: ".modal .o_oic_preview:contains(Nombre de fibres : 144)",
        },
        {trigger: ".modal [name=tube_count] input", run: "edit 30 && press Tab"},
        {
            content: "no colour for the thirtieth tube",
            trigger: ".modal .o_oic_conflict:contains(La table des couleurs s’arrête)",
        },
        {trigger: ".modal:not(:has(button[name=action_apply]))"},
        {trigger: ".modal [name=tube_count] input", run: "edit 2 && press Tab"},
        {trigger: ".modal .o_oic_preview:contains(Nombre de fibres : 24)"},
        {trigger: ".modal .o_field_x2many_list_row_add a", run: "click"},
        {trigger: ".modal .o_selected_row [name=first] input", run: "edit 1"},
        {trigger: ".modal .o_selected_row [name=last] input", run: "edit 6"},
        {trigger: ".modal .o_selected_row [name=pbo_id] input", run: "edit PBO-PLEIN"},
        {trigger: ".o-autocomplete--dropdown-item:contains(PBO-PLEIN)", run: "click"},
        {trigger: ".modal [name=reason] input", run: "edit Chantier 42 && press Tab"},
        {trigger: ".modal .o_oic_preview:contains(aboutissent au PBO PBO-PLEIN)"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {
            content: "the fibres are there, in their colours",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=fibre_ids] .o_data_row:contains(ROUGE):contains(PBO-PLEIN)",
        },
        {trigger: ".o_field_widget[name=fibre_ids] .o_data_row:contains(BLEU)"},
    ],
};

const PTO = {
    steps: () => [
        ...goTo("12 rue des tilleuls"),
        {
            content: "an address leads straight to its building",
            trigger: ".o_form_view [name=identifier] input:value(IMB/99001/X/0001)",
        },
        {trigger: ".o_form_view .nav-link[name=levels]", run: "click"},
        {trigger: "button:contains(Générer les PTO)", run: "click"},
        {trigger: ".modal .o_oic_preview:contains(Prises à construire):contains(: 3)"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {
            content: "three sockets with references of the network",
            trigger:
                ".o_list_view .o_data_row:eq(2) .o_data_cell[name=reference]:contains(ZZ-)",
        },
    ],
};

const QUICK_SEARCH = {
    steps: () => [
        {
            content: "nothing is found, and it is said",
            trigger: ".o_oic_quick_search_input",
            run: "edit inconnu au bataillon",
        },
        {trigger: ".o_oic_quick_search_empty:contains(Rien n’a cette référence)"},
        {
            content: "a socket without its dashes leads straight to it",
            trigger: ".o_oic_quick_search_input",
            run: "edit zz ab12 cd34",
        },
        {trigger: ".o_oic_quick_search_input", run: "press Enter"},
        {trigger: ".o_form_view [name=reference] input:value(ZZ-AB12-CD34)"},
        {
            content: "a part of a reference gives a list by kind",
            trigger: ".o_oic_quick_search_input",
            run: "edit 99001",
        },
        {trigger: ".o_oic_quick_search_list .dropdown-header:contains(Immeuble)"},
        {trigger: ".o_oic_quick_search_list .dropdown-header:contains(Câble)"},
        {trigger: ".o_oic_quick_search_input", run: "press ArrowDown"},
        {trigger: ".o_oic_quick_search_list .dropdown-item:eq(1).active"},
        {trigger: ".o_oic_quick_search_input", run: "press Escape"},
        {trigger: ".o_oic_quick_search:not(:has(.o_oic_quick_search_list))"},
        {
            content: "the command palette finds it too",
            trigger: "body",
            run: "press Control+k",
        },
        {trigger: ".o_command_palette input", run: "edit =CB-99001-0042-03"},
        {
            trigger: ".o_command:contains(CB-99001-0042-03)",
            run: "click",
        },
        {trigger: ".o_form_view [name=reference] input:value(CB-99001-0042-03)"},
        ...paste("PTO : ZZ-AB12-CD34\r\n"),
        {trigger: ".o_form_view [name=reference] input:value(ZZ-AB12-CD34)"},
        ...paste("12, avenue des tilleuls"),
        {
            content: "another street of this name is offered, not opened",
            trigger:
                ".o_oic_quick_search_list .dropdown-item:contains(IMB/99001/X/0001)",
        },
        ...paste("12, Rue des Tilleuls Ville exemple"),
        {
            content: "an address leads straight to its building",
            trigger: ".o_form_view [name=identifier] input:value(IMB/99001/X/0001)",
        },
    ],
};

const FULL_PBO = {
    steps: () =>
        inClicks(3, [
            ...goTo("PBO-PLEIN"),
            {
                content: "it is full, and of what",
                trigger:
                    ".o_form_view .o_oic_capacity_legend:contains(Utilisées : 3):contains(Réservées : 1)",
            },
            {
                trigger:
                    ".oe_stat_button[context*=route_ids], .oe_stat_button:contains(Routes)",
                run: "click",
            },
            {
                content: "who has its fibres",
                trigger:
                    ".o_list_view .o_data_row:eq(3) .o_data_cell[name=operator_id]:contains(OCAA)",
            },
            {trigger: ".o_data_row .o_data_cell[name=state]:contains(Réservée)"},
        ]),
};

// All but the first go by the box of references. A list takes the focus when it comes:
// what is typed before goes elsewhere.
const closeMenu = [
    {trigger: ".o_searchview_dropdown_toggler", run: "click"},
    {trigger: "body:not(:has(.o_group_by_menu))"},
];

journey(
    "oiconnect_capacity",
    SATURATION,
    closeMenu,
    FULL_PBO,
    QUICK_SEARCH,
    FIBRES,
    PTO
);
