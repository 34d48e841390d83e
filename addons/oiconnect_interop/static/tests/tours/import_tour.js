import {inClicks} from "@oiconnect_base/../tests/tours/clicks";
import {journey, openMenu} from "@oiconnect_base/../tests/tours/journey";
import {registry} from "@web/core/registry";

const NAME = "TEST_01_OITI_PM_IPEZMD_V31_20260901_00.csv";

/** Give a file to a field as a user does: its text is in window.oiconnectFile. */
function choose(input, name = NAME) {
    const transfer = new DataTransfer();
    transfer.items.add(new File([window.oiconnectFile], name, {type: "text/csv"}));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
}

// What an import changes is not undone: it asks.
const confirmed = [
    {trigger: ".modal:contains(appliqué au domaine) .btn-primary", run: "click"},
];

const IMPORT = {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {
            content: "nothing is said before a file is chosen",
            trigger: ".o_form_view:not(:has(.alert-danger))",
        },
        {
            trigger: ".o_field_widget[name=file] input[type=file]:not(:visible)",
            run: ({anchor}) => choose(anchor),
        },
        {
            content: "the version is detected",
            trigger: ".o_field_widget[name=flow_version] input:value(V3.1)",
        },
        {trigger: "button[name=action_start]", run: "click"},
        ...confirmed,
        {
            content: "the bar follows the work until its end",
            trigger: ".o_arrow_button_current:contains(Importé avec erreurs)",
        },
        {
            content: "the file keeps its name",
            trigger: `.o_field_widget[name=file_name]:contains(${NAME})`,
        },
        {
            content: "one building was made",
            trigger:
                ".o_data_row:contains(Immeuble) .o_data_cell[name=created]:contains(1)",
        },
        {trigger: ".alert-warning button[name=action_view_errors]", run: "click"},
        {
            content: "the error is shown by line, column and value",
            trigger: ".o_data_row:contains(TypeZone):contains(9):contains(doit être)",
        },
    ],
};

registry.category("web_tour.tours").add("oiconnect_import_check", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {
            trigger: ".o_field_widget[name=file] input[type=file]:not(:visible)",
            run: ({anchor}) => choose(anchor),
        },
        {
            content: "the encoding is detected, and may be changed",
            trigger: ".o_field_widget[name=encoding]:has(input, select)",
        },
        {
            content: "what left the file is to be abandoned",
            trigger: ".o_field_widget[name=mode] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(abandons)",
            run: "click",
        },
        {trigger: "button[name=action_check]:contains(Vérifier)", run: "click"},
        {
            content: "the file is checked, nothing is applied",
            trigger: ".o_arrow_button_current:contains(Vérifié)",
        },
        {
            content: "counts say what it would do",
            trigger:
                ".o_data_row:contains(Immeuble) .o_data_cell[name=created]:contains(1)",
        },
        {
            trigger:
                ".o_data_row:contains(Immeuble) .o_data_cell[name=abandoned]:contains(1)",
        },
        {
            content: "much would be abandoned: it is said",
            trigger: ".alert-warning:contains(à abandonner)",
        },
        {
            content: "the first changes are shown in French",
            trigger:
                ".o_field_widget[name=preview_ids] .o_data_row:contains(État):contains(Déployé):contains(Abandonné)",
        },
        {trigger: "button[name=action_start]:contains(Importer)", run: "click"},
        ...confirmed,
        {
            content: "the name of the file is typed",
            trigger: ".modal .o_field_widget[name=confirmation] input",
            run: `edit ${NAME}`,
        },
        {trigger: ".modal button[name=action_confirm]:visible", run: "click"},
        {
            content: "it is applied",
            trigger: ".o_arrow_button_current:contains(Importé)",
        },
        {
            content: "the changes are in the history from now on",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=preview_ids]))",
        },
    ],
});

/** Keep the file that a link downloads, its lines fixed as in a spreadsheet. */
async function fix() {
    const record = window.location.pathname.match(/\d+$/)[0];
    const answer = await fetch(`/oiconnect/import/${record}/errors.csv`);
    window.oiconnectFile = (await answer.text()).replace(";9;", ";3;");
}

// Lines in error are fixed and imported.
const FIX = {
    steps: () =>
        inClicks(6, [
            {
                trigger: ".o_data_row:first .o_data_cell[name=file_name]",
                run: "click",
            },
            {
                trigger: ".alert-warning button[name=action_export_errors]",
                run: "click",
            },
            {trigger: ".o_form_view", run: fix},
            {trigger: ".o_form_button_create", run: "click"},
            {
                content: "the window where a file is chosen opens by a click",
                trigger: ".o_field_widget[name=file] .o_select_file_button",
                run: "click",
            },
            {
                trigger: ".o_field_widget[name=file] input[type=file]:not(:visible)",
                run: ({anchor}) => choose(anchor, NAME.replace(".csv", "-erreurs.csv")),
            },
            {
                trigger:
                    ".o_field_widget[name=flow_version] input:value(V3.1), .o_field_widget[name=flow_version]:contains(V3.1)",
            },
            {trigger: "button[name=action_start]", run: "click"},
            ...confirmed,
            {trigger: ".o_arrow_button_current:contains(/^Importé$/)"},
        ]),
};

journey(
    "oiconnect_import",
    IMPORT,
    openMenu(
        "oiconnect_base.menu_configuration",
        "oiconnect_import.menu_import",
        ".o_list_view .o_list_button_add"
    ),
    FIX
);
