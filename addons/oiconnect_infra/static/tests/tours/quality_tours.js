import {journey} from "@oiconnect_base/../tests/tours/journey";
import {goToForm} from "./go_to";
import {KNOWN_KEY} from "./known_key_tour";

const DIALOG = ".modal:not(.o_inactive_modal)";

/** Give a date of the form. */
function typeDate(name, text) {
    return [
        {
            content: `give ${name}`,
            trigger: `.o_field_widget[name=${name}] input, .o_field_widget[name=${name}] button`,
            run: "click",
        },
        {
            trigger: `.o_field_widget[name=${name}] input`,
            run: `edit ${text} && press Tab`,
        },
    ];
}

const save = [
    {trigger: ".o_form_button_save", run: "click"},
    {trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)"},
];

/** A faulty building: what is wrong is shown, fixed before and after it is saved. */
const BUILDING = {
    steps: () => [
        {
            content: "each thing wrong names its field, and tells what to do",
            trigger:
                ".o_oiconnect_warning li:contains(Câblage):contains(donnez la date de son câblage)",
        },
        {
            content: "what blocks stands apart",
            trigger:
                ".o_oiconnect_blocking li:contains(Date de la convention):contains(R7)",
        },
        ...typeDate("cabling_date", "15/04/2025"),
        {
            content: "fixed: the banner goes away before the form is saved",
            trigger: ".o_form_view:not(:has(.o_oiconnect_warning))",
        },
        {trigger: ".nav-link[name=manager]", run: "click"},
        {
            trigger: ".o_field_widget[name=manager_agreement_required] input",
            run: "click",
        },
        {trigger: ".o_form_view:not(:has(.o_oiconnect_blocking))"},
        ...save,
        {
            trigger:
                ".o_form_view:not(:has(.o_oiconnect_blocking, .o_oiconnect_warning))",
        },
    ],
};

/** A faulty PM. */
const PM = {
    steps: () => [
        {
            trigger:
                ".o_oiconnect_blocking li:contains(Type d’ingénierie):contains(renseignez-le)",
        },
        {
            trigger: ".o_field_widget[name=engineering_type] input",
            run: "edit MONO && press Tab",
        },
        {trigger: ".o_form_view:not(:has(.o_oiconnect_blocking))"},
        ...save,
        {trigger: ".o_form_view:not(:has(.o_oiconnect_blocking))"},
    ],
};

/** The report: check, look at the records, come back, download, decide of a rule. */
const REPORT = {
    steps: () => [
        {
            trigger:
                ".o_menu_sections [data-menu-xmlid='oiconnect_base.menu_infrastructure']",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu [data-menu-xmlid='oiconnect_infra.menu_rule']",
            run: "click",
        },
        {trigger: ".o_list_view .o_breadcrumb .active:contains(Qualité des données)"},
        {trigger: "button[name=action_run]", run: "click"},
        {trigger: ".o_notification:contains(Le réseau a été contrôlé)"},
        {
            content: "two buildings have no date of cabling",
            trigger:
                ".o_data_row:contains(R9c):contains(date de câblage inconnue) .o_data_cell[name=broken_count]:contains(/^2$/)",
        },
        {
            content: "rules without findings lead nowhere",
            trigger:
                ".o_data_row:contains(R8):not(:has(button[name=action_view_records]))",
        },
        {
            trigger: ".o_data_row:contains(R9c) button[name=action_view_records]",
            run: "click",
        },
        {trigger: ".o_breadcrumb .active:contains(R9c)"},
        {
            content: "each record says what the rule compared",
            trigger:
                ".o_data_row:contains(IMB/99001/X/0002) .o_data_cell[name=rule_compared]:contains(Câblage : vide)",
        },
        {trigger: ".o_data_row:contains(IMB/99001/X/0003)"},
        {trigger: ".o_pager_limit:contains(/^2$/)"},
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {
            trigger: ".o_group_by_menu .o_menu_item:contains(/^Anomalie$/)",
            run: "click",
        },
        {
            content: "by rule: these two break others too",
            trigger: ".o_group_header:contains(R9c):contains(2)",
        },
        {trigger: ".o_breadcrumb .o_back_button", run: "click"},
        {
            trigger:
                "button[name=action_export]:contains(CSV), .o_control_panel_actions button:contains(CSV)",
            run: () => {
                window.oiconnectDownloads = [];
                // The file itself is read by test_rule_report.
                window.open = (url) => window.oiconnectDownloads.push(url);
            },
        },
        {trigger: ".o_data_row:contains(R14) .o_data_cell[name=title]", run: "click"},
        {
            content: "a switch is saved as soon as it is turned",
            trigger: ".o_form_view .o_field_widget[name=active] input",
            run: "click",
        },
        {trigger: ".o_form_view .ribbon:contains(Non contrôlée)"},
        {trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)"},
        {trigger: ".o_breadcrumb .o_back_button", run: "click"},
        {trigger: ".o_list_view .o_data_row:contains(R9c)"},
        {trigger: ".o_list_view:not(:has(.o_data_row:contains(R14)))"},
    ],
};

/** Leaving the path: refused to users. */
const REFUSED = {
    steps: () => [
        {
            content: "only the next states are offered as buttons",
            trigger:
                "button[name=action_move]:contains(Abandonner):not(:has(~ button:contains(Convention signée)))",
        },
        {
            trigger:
                ".o_group .o_field_widget[name=state] select, .o_group .o_field_widget[name=state] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(/^Cible$/)",
            run: "click",
        },
        {
            trigger:
                ".o_oiconnect_departure:contains(ne passe pas de « Déployé » à « Cible »):contains(Seul un administrateur)",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            trigger: `${DIALOG}:contains(ne passe pas):contains(Demandez à un administrateur)`,
        },
        {trigger: `${DIALOG} footer button`, run: "click"},
        {trigger: ".o_form_button_cancel", run: "click"},
        {trigger: ".o_form_view:not(:has(.o_oiconnect_departure))"},
    ],
};

/** Leaving the path: a manager says why, the history keeps it. */
const REASON = {
    steps: () => [
        {
            trigger:
                ".o_group .o_field_widget[name=state] select, .o_group .o_field_widget[name=state] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(/^Cible$/)",
            run: "click",
        },
        {
            trigger: ".o_oiconnect_departure .o_field_widget[name=state_reason] input",
            run: "edit PBO jamais posé && press Tab",
        },
        ...save,
        {trigger: ".o_form_view:not(:has(.o_oiconnect_departure))"},
        {trigger: ".nav-link[name=history]", run: "click"},
        {
            trigger:
                ".o_field_widget[name=change_ids] .o_data_row:contains(Déployé):contains(Cible):contains(PBO jamais posé)",
        },
        {
            content: "then the next step",
            trigger: "button[name=action_move]:contains(Lancer le déploiement)",
            run: "click",
        },
        {
            content: "which is not taken back: it asks",
            trigger: ".modal:contains(L’état ne fait qu’avancer) .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(En cours de déploiement)",
        },
    ],
};

journey(
    "oiconnect_quality_user",
    PM,
    goToForm("IMB/99001/X/0002"),
    BUILDING,
    goToForm("IMB/99001/X/0001"),
    KNOWN_KEY,
    REFUSED
);
journey("oiconnect_quality_manager", REPORT, goToForm("IMB/99001/X/0001"), REASON);
