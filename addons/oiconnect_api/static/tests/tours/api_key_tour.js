import {browser} from "@web/core/browser/browser";
import {journey} from "@oiconnect_base/../tests/tours/journey";

const DOCUMENTATION = "/oiconnect/api/v1/docs/guides";
let shown = "";

const KEY = {
    steps: () => [
        {
            content: "no key yet: the list says what one is for",
            trigger: ".o_view_nocontent:contains(première clé)",
        },
        {
            trigger: ".o_control_panel button:contains(Nouvelle clé)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit SIG Alpha",
        },
        {
            content: "whose it is",
            trigger: ".modal .o_field_widget[name=operator_id] input",
            run: "edit OCT1",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(OCT1)",
            run: "click",
        },
        {
            content: "the networks that it opens",
            trigger: ".modal .o_field_widget[name=network_ids] input",
            run: "edit OITO",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Essai)",
            run: "click",
        },
        {
            content: "how many calls: read in whole",
            trigger: ".modal .o_field_widget[name=rate_class]",
        },
        {trigger: ".modal button[name=action_create]", run: "click"},
        {
            content: "its value is shown, once",
            trigger: ".modal .o_field_widget[name=value]:contains(.)",
            run() {
                shown = this.anchor.textContent.trim();
            },
        },
        {trigger: ".modal button:contains(copiée)", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {
            trigger: ".o_data_row .o_data_cell:contains(SIG Alpha)",
            run: "click",
        },
        {
            content: "the form has its id, not its secret",
            trigger: ".o_form_view .o_field_widget[name=public_id]",
            run() {
                const [id, secret] = shown.match(/^(\w{16})\.(\S{43})/).slice(1);
                const text = document.body.textContent;
                if (!text.includes(id) || text.includes(secret)) {
                    throw new Error("the secret is shown again");
                }
            },
        },
        {trigger: "button[name=action_revoke]", run: "click"},
        {
            content: "what cannot be undone says so first",
            trigger: ".modal:contains(jamais) .btn-primary",
            run: "click",
        },
        {
            content: "it is revoked, for ever: no button puts it back",
            trigger:
                ".o_form_view:not(:has(button[name=action_revoke]:visible))" +
                ":not(:has(button[name=action_release]:visible))" +
                " .o_statusbar_status button:contains(Révoquée)",
        },
    ],
};

const DOCUMENTATION_MENU = {
    steps: () => [
        {
            content: "the documentation is in the menu, and opens beside",
            trigger: ".o_menu_sections [data-menu-xmlid='oiconnect_base.menu_api']",
            run: "click",
        },
        {
            trigger:
                "[data-menu-xmlid='oiconnect_api.menu_api_documentation']" +
                ":contains(Documentation)",
            run(helpers) {
                const open = browser.open;
                browser.open = (address) => {
                    browser.open = open;
                    document.body.dataset.opened = address;
                };
                return helpers.click();
            },
        },
        {trigger: `body[data-opened='${DOCUMENTATION}']`},
    ],
};

journey("oiconnect_api_key", KEY, DOCUMENTATION_MENU);
