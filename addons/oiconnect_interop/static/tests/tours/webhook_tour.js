import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("oiconnect_webhook", {
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
});
