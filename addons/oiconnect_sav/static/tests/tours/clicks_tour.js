import {choose, find, inClicks, pick} from "@oiconnect_base/../tests/tours/clicks";
import {registry} from "@web/core/registry";

const STATE = ".o_statusbar_status .o_arrow_button_current";
const CLOSED = "body:not(:has(.modal))";

// A customer calls: the line is found, its ticket opened, worked on and resolved.
registry.category("web_tour.tours").add("oiconnect_clicks_ticket", {
    steps: () =>
        inClicks(9, [
            ...find("06 11 22 33 44", "OCT-LIGNE"),
            {trigger: "button[name=action_open_ticket]", run: "click"},
            {trigger: ".o_form_view .o_oic_line_header:contains(06 11 22 33 44)"},
            ...pick("defect_id", "PAS DE SIGNAL", "ignal"),
            ...pick("defect_class_id", "interruption", "Interruption totale"),
            ...pick("prelocation_id", "PBO", "PBO"),
            {trigger: ".o_form_button_save", run: "click"},
            {
                trigger: ".o_statusbar_buttons button[name=action_add_task]",
                run: "click",
            },
            {trigger: ".modal .o_form_button_save", run: "click"},
            {trigger: `${CLOSED} ${STATE}:contains(/^En cours$/)`},
            {trigger: ".o_statusbar_buttons button[name=action_report]", run: "click"},
            {
                trigger: ".modal .o_field_widget[name=result] textarea",
                run: "edit Connecteur nettoyé au PBO",
            },
            ...choose("location_id", "PBO", "PBO"),
            {trigger: ".modal .o_field_widget[name=loss] input", run: "edit 17,5"},
            {trigger: ".modal button[name=action_do_and_resolve]", run: "click"},
            {trigger: ".modal .o_field_widget[name=closure_code_id]"},
            ...choose("closure_code_id", "RET01", "RET01"),
            {
                content: "the place of the report is proposed",
                trigger: ".modal .o_field_widget[name=location_id] input:value(PBO)",
            },
            {trigger: ".modal button[name=action_confirm]", run: "click"},
            {trigger: `${CLOSED} ${STATE}:contains(/^Clôturé$/)`},
        ]),
});
