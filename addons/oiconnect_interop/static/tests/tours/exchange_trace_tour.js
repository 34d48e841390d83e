import {journey} from "@oiconnect_base/../tests/tours/journey";

const ERROR = ".o_field_widget[name=error_ids] .o_data_row";
const LINE = ".o_field_widget[name=line_ids] .o_data_row";
const PAGE = (name) => `.o_notebook .nav-link[name=${name}]`;
const cell = (name, text) => `.o_data_cell[name=${name}]:contains(${text})`;

const toTrace = {
    trigger: ".breadcrumb-item a:contains(Trace du protocole)",
    run: "click",
};
const openOrders = {
    trigger: `.o_data_row:contains(CMD_ACCES) ${cell("state", "Traité avec refus")}`,
    run: "click",
};

const openFilters = () => [
    {trigger: ".o_searchview_dropdown_toggler", run: "click"},
    {trigger: ".o_filter_menu .o_menu_item:contains(Avec erreurs)", run: "click"},
    {trigger: ".o_searchview_facet:contains(Avec erreurs)"},
];

/** An operator asks why a line of its file was refused: from its form to the answer. */
const TRACE = {
    steps: () => [
        {
            content: "the exchanges of this operator and no other",
            trigger: ".o_form_view button.oe_stat_button:contains(/^Trace$/)",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains(ACCES_AR_CMD)"},
        {trigger: ".o_list_view:not(:has(.o_data_row:contains(OCT2)))"},
        ...openFilters(),
        {
            content: "what went well is out of sight",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(ACCES_AR_CMD)))",
        },
        {
            content: "a file refused as a whole stands out",
            trigger: `.o_data_row.text-danger:contains(_PM_IPE_) ${cell("state", "Refusé")}`,
        },
        {
            trigger: `.o_data_row:contains(CMD_ACCES) ${cell("refused_count", "1")}`,
        },
        openOrders,
        {
            content: "the line, its column, the code of the protocol and what to do",
            trigger: `${ERROR} ${cell("column", "ReferencePm")}`,
        },
        {trigger: `${ERROR} ${cell("line", "3")}`},
        {trigger: `${ERROR} ${cell("code", "FIMP15")}`},
        {trigger: `${ERROR} ${cell("shown_message", "Indiquez la référence du PM")}`},
        {
            content: "the other line became an order",
            trigger: PAGE("lines"),
            run: "click",
        },
        {
            trigger: `${LINE}:not(.text-danger) button[name=action_open_record]:contains(Ouvrir la commande)`,
        },
        {trigger: PAGE("answers"), run: "click"},
        {
            content: "the receipt that was sent to the operator",
            trigger: `.o_field_widget[name=answer_ids] ${cell("flow_code", "AR_CMD")}`,
        },
        toTrace,
        {
            trigger: `.o_data_row:contains(_PM_IPE_) ${cell("name", "IPE")}`,
            run: "click",
        },
        {
            content: "why nothing of the file was applied, and the way out",
            trigger:
                '.alert-danger:contains("n\'est pas reçu des opérateurs"):contains(menu Imports)',
        },
    ],
};

/** The cause is fixed: would the line be taken now? Nothing may happen meanwhile. */
const SANDBOX = {
    steps: () => [
        {
            content: "what was refused when the file came",
            trigger: `${ERROR} ${cell("shown_message", "Indiquez la référence du PM")}`,
        },
        {
            trigger: "button[name=action_replay_in_sandbox]:contains(bac à sable)",
            run: "click",
        },
        {
            content: "nothing happened",
            trigger: '.alert-info:contains("Rien n\'a été fait")',
        },
        {trigger: ".o_breadcrumb .active:contains(Rejouer dans le bac à sable)"},
        {
            content: "a line that would be taken, and all that the operator would read",
            trigger: `${LINE} ${cell("answers", "AR_CMD OK, CR_CMD OK, CMD_STOC")}`,
        },
        {
            content: "the refused line is explained",
            trigger: `${LINE}.text-danger ${cell("errors", "Indiquez la référence du PM")}`,
        },
        {trigger: `${LINE}.text-danger ${cell("code", "FIMP15")}`},
        {trigger: `${LINE}.text-danger ${cell("answers", "AR_CMD KO FIMP15")}`},
        {trigger: PAGE("answers"), run: "click"},
        {
            trigger: `.o_field_widget[name=answer_ids] ${cell("flow", "AR_CMD")}`,
            run: "click",
        },
        {
            content: "the very file that would leave",
            trigger:
                ".modal .o_field_widget[name=content]:contains(KO):contains(FIMP15)",
        },
        {trigger: ".modal .btn:contains(Fermer)", run: "click"},
        {
            trigger: "body:not(:has(.modal)) .breadcrumb-item a:contains(CMD_ACCES)",
            run: "click",
        },
        {
            content: "the file is as it was",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains(Traité avec refus)",
        },
    ],
};

journey(
    "oiconnect_exchange",
    TRACE,
    // The form may open again on the page that was left.
    [toTrace, openOrders, {trigger: PAGE("errors"), run: "click"}],
    SANDBOX
);
