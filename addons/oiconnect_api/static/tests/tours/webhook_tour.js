import {journey, openMenu} from "@oiconnect_base/../tests/tours/journey";

const ADDED = {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {
            content: "whose system it is, where, and what it hears of",
            trigger: ".o_field_widget[name=name] input",
            run: "edit SIG du réseau",
        },
        {
            trigger: ".o_field_widget[name=url] input",
            run: "edit https://10.0.0.1/evenements",
        },
        {
            trigger: ".o_field_widget[name=kind_ids] input",
            run: "edit Acceptation",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Acceptation)",
            run: "click",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "a private address is refused, with the way out",
            trigger: ".modal:contains(réseau privé)",
        },
        {
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=url] input",
            run: "edit https://sig.invalid/evenements",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "events wait until there is a secret",
            trigger: ".alert-warning:contains(secret)",
        },
        {trigger: "button[name=action_new_secret]:visible", run: "click"},
        {
            content: "it is shown once",
            trigger: ".modal .o_field_widget[name=secret]:contains(oicwh_)",
        },
        {trigger: ".modal footer .btn-primary", run: "click"},
        {
            content: "a test event can be sent now",
            trigger: "button[name=action_test]:contains(essai)",
        },
        {trigger: "body:not(:has(.modal))"},
    ],
};

const DEAD_LETTER = {
    steps: () => [
        {
            content: "the list says what was given up",
            trigger: ".o_data_row:contains(OCT1) td[name=error_count]:contains(1)",
        },
        {trigger: ".o_data_row:contains(OCT1) td[name=name]", run: "click"},
        {
            content: "a test event says what happens",
            trigger: "button[name=action_test]",
            run: "click",
        },
        {trigger: ".o_notification:contains(a pris)"},
        {
            content: "the dead letter, with what went wrong",
            trigger: "button[name=action_view_errors]:contains(1)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(500)",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains(OCT1)",
            run: "click",
        },
        {
            content: "it is sent again on request of a user",
            trigger: "button[name=action_send_errors_again]",
            run: "click",
        },
        {trigger: ".modal .btn-primary", run: "click"},
        {
            trigger: ".o_form_view:not(:has(button[name=action_view_errors]:visible))",
        },
        {
            content: "all stored events are replayed from a date",
            trigger: "button:contains(Rejouer depuis une date)",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=since] button, .modal .o_field_widget[name=since] input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=since] input",
            run: "edit 01/01/2020 00:00:00 && press Enter",
        },
        {trigger: ".modal button[name=action_replay]", run: "click"},
        {trigger: ".o_notification:contains(renvoyé)"},
    ],
};

journey(
    "oiconnect_webhook",
    DEAD_LETTER,
    openMenu(
        "oiconnect_base.menu_api",
        "oiconnect_api.menu_webhook",
        ".o_list_view .o_list_button_add"
    ),
    ADDED
);
