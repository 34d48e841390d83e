import {registry} from "@web/core/registry";

const STATE = ".o_statusbar_status .o_arrow_button_current";
const CLOSED = "body:not(:has(.modal))";

const open = (key) => [
    {
        content: "the list opens on the tickets in progress",
        trigger: ".o_facet_value:contains(/^En cours$/)",
    },
    {
        content: "find the ticket by the operator's key",
        trigger: ".o_searchview_input",
        run: `edit ${key}`,
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
        trigger: ".o_data_row .o_data_cell[name=reference]",
        run: "click",
    },
];

// Quoted: the apostrophe of a label would open a quote, and the text would not count.
const button = (label) => ({
    trigger: `.o_form_statusbar button:contains("/^${label}$/")`,
    run: "click",
});

const confirm = [
    {
        trigger: ".modal button[name=action_confirm]:contains(Confirmer)",
        run: "click",
    },
    {trigger: CLOSED},
];

const is = (state) => ({trigger: `${CLOSED} ${STATE}:contains(/^${state}$/)`});

// The hotline repairs a line: a task, a message, a freeze, the resolution.
registry.category("web_tour.tours").add("oiconnect_ticket", {
    steps: () => [
        ...open("OC-SAV-TOUR"),
        is("Ouvert"),
        {
            content: "what the operator reported is read at once",
            trigger: ".o_form_view:contains(Plus de signal depuis ce matin)",
        },
        button("Ajouter une tâche"),
        {
            content: "the task is a visit: it is saved as it is",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        is("En cours"),
        button("Écrire à l'opérateur"),
        {
            trigger: ".modal .o_field_widget[name=content] textarea",
            run: "edit Une équipe passe demain matin.",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "the message is in the dialogue",
            trigger: `${CLOSED} .o_notebook .nav-link:contains(Dialogue)`,
            run: "click",
        },
        {trigger: ".o_data_row:contains(Une équipe passe demain matin.)"},
        button("Rendre compte de la tâche"),
        {
            content: "a report says what was found",
            trigger: ".modal .o_field_widget[name=result] textarea",
            run: "edit Soudure refaite au PBO",
        },
        {
            trigger: ".modal .o_field_widget[name=location_id] input",
            run: "edit PBO",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(PBO)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=loss] input",
            run: "edit 17,5",
        },
        {
            content: "what cannot be undone is said first; the resolution follows",
            trigger: ".modal:contains(irréversible) button[name=action_do_and_resolve]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=closure_code_id] input",
            run: "edit RET01",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(RET01)",
            run: "click",
        },
        {
            content: "the place of the report is proposed",
            trigger: ".modal .o_field_widget[name=location_id] input:value(PBO)",
        },
        ...confirm,
        is("Résolu, à valider"),
    ],
});
