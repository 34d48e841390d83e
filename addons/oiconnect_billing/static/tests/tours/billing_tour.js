import {inClicks, pick} from "@oiconnect_base/../tests/tours/clicks";
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

registry.category("web_tour.tours").add("oiconnect_clicks_billing", {
    steps: () =>
        inClicks(6, [
            {
                trigger: ".o_control_panel button:contains(/^Nouveau$/)",
                run: "click",
            },
            {
                content: "the last month is proposed",
                trigger: ".o_form_view h1:contains(/^\\d{4}-\\d{2}/)",
            },
            ...pick("network_id", "T95", "Réseau T95"),
            {trigger: "button[name=action_compute]", run: "click"},
            {
                trigger:
                    ".o_field_widget[name=row_ids] .o_data_row:contains(OCX1) .o_data_cell[name=operator_id]",
                run: "click",
            },
            {trigger: "button[name=action_post]", run: "click"},
            {trigger: ".modal:contains(numéro) .btn-primary", run: "click"},
            {
                trigger:
                    "body:not(:has(.modal)) .o_arrow_button_current:contains(/^Comptabilis/)",
            },
            {trigger: "button[name=action_oiconnect_print]", run: "click"},
        ]),
});
