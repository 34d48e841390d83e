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
        {
            content: "open the task",
            trigger: ".o_notebook .nav-link:contains(Tâches)",
            run: "click",
        },
        {
            trigger: ".o_notebook .o_data_row button[name=action_open]",
            run: "click",
        },
        {
            trigger: "button[name=action_fire]:contains(/^Réalisée$/)",
            run: "click",
        },
        {
            content: "what cannot be undone asks first",
            trigger: ".modal:contains(irréversible) .btn-primary",
            run: "click",
        },
        {
            trigger: `${CLOSED} ${STATE}:contains(/^Réalisée$/)`,
        },
        {
            content: "back to the ticket, which can be resolved now",
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        button("Résoudre"),
        {
            trigger: ".modal .o_field_widget[name=closure_code_id] input",
            run: "edit RET01",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(RET01)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=location_id] input",
            run: "edit PBO",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(PBO)",
            run: "click",
        },
        ...confirm,
        is("Résolu, à valider"),
    ],
});
