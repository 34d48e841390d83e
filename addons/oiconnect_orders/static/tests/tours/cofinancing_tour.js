import {choose} from "./fields";
import {registry} from "@web/core/registry";

// The administrator writes the engagement of an operator on a PM, and applies it.
registry.category("web_tour.tours").add("oiconnect_cofinancing", {
    steps: () => [
        {
            trigger: ".o_control_panel button.o_list_button_add:contains(Nouveau)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=reference] input",
            run: "edit COFI-TOUR",
        },
        ...choose("operator_id", "OCT1", "OCT1", ".o_form_view"),
        {
            trigger: ".o_form_view .o_field_widget[name=zone] input",
            run: "edit Exempleville",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=start_date] input",
            run: "edit 01/02/2026",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=share] input",
            run: "edit 5",
        },
        {
            trigger: ".o_field_widget[name=pm_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row .o_data_cell:contains(OITO-PM-2)",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=pm_ids] .o_data_row:contains(OITO-PM-2)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name=action_apply]:contains(Appliquer maintenant)",
            run: "click",
        },
        {
            content: "the consequences are shown before",
            trigger: ".modal:contains(devient cofinancé) .btn-primary",
            run: "click",
        },
        {
            content: "applied: the day is shown, the button is gone",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_apply])) .o_field_widget[name=switched_date]",
        },
    ],
});
