import {registry} from "@web/core/registry";

// From a campaign to the paper: the line of an operator opens its invoice.
registry.category("web_tour.tours").add("oiconnect_billing_invoice", {
    steps: () => [
        {
            content: "the line of the operator",
            trigger:
                ".o_field_widget[name=row_ids] .o_data_row .o_data_cell[name=operator_id]",
            run: "click",
        },
        {
            content: "its invoice is a screen, no dialog",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name=invoice_line_ids]",
        },
        {
            content: "it is printed from its form",
            trigger:
                ".o_statusbar_buttons button[name=action_oiconnect_print]:contains(Imprimer)",
        },
        {
            content: "its annex lists the accesses",
            trigger: ".oe_stat_button[name=action_oiconnect_annex]",
        },
        {
            content: "back to the campaign",
            trigger: ".o_back_button",
            run: "click",
        },
        {trigger: ".o_field_widget[name=row_ids] .o_data_row"},
    ],
});
