import {inClicks} from "@oiconnect_base/../tests/tours/clicks";
import {registry} from "@web/core/registry";

const STATE = ".o_statusbar_status .o_arrow_button_current";

// A user reads why an order was rejected, and takes the rejection back, in
// no more clicks than it is promised.
registry.category("web_tour.tours").add("oiconnect_access_order_why", {
    steps: () =>
        inClicks(4, [
            {
                content: "the order was rejected by its study",
                trigger: `${STATE}:contains(/^Rejetée/)`,
            },
            {
                content: "read why",
                trigger: ".o_notebook .nav-link[name=why]",
                run: "click",
            },
            {
                content: "the control that failed tells both PMs",
                trigger:
                    ".o_field_widget[name=decision_story] li.text-danger:contains(FIMP08):contains(OITO-PM-2):contains(OITO-PM-1) .o_oic_where a[href^='/odoo/oiconnect.pm/']",
            },
            {
                content: "take the rejection back",
                trigger: "button[name=action_override]",
                run: "click",
            },
            {
                trigger: ".modal .o_field_widget[name=code]:contains(FIMP08)",
            },
            {
                trigger: ".modal .o_field_widget[name=reason] input",
                run: "edit Plan du réseau vérifié",
            },
            {
                trigger: ".modal button[name=action_confirm]",
                run: "click",
            },
            {
                content: "the order goes on",
                trigger: `${STATE}:contains(/^En raccordement$/)`,
            },
            {
                trigger: ".o_notebook .nav-link[name=why]",
                run: "click",
            },
            {
                content: "the story tells who set what aside, and why",
                trigger:
                    ".o_field_widget[name=decision_story]:contains(Plan du réseau vérifié) li.text-warning:contains(FIMP08)",
            },
        ]),
});
