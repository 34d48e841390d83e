import {choose} from "@oiconnect_base/../tests/tours/clicks";
import {registry} from "@web/core/registry";

const confirmed = [{trigger: ".modal .modal-footer .btn-primary", run: "click"}];
const noDialog = "body:not(:has(.modal))";

/** Give a file to a field as a user does: its text is in window.oiconnectFile. */
function chooseFile({anchor}) {
    const transfer = new DataTransfer();
    transfer.items.add(
        new File([window.oiconnectFile], "janvier.csv", {type: "text/csv"})
    );
    anchor.files = transfer.files;
    anchor.dispatchEvent(new Event("change", {bubbles: true}));
}

// From the file of an operator to the credit note of what is accepted.
registry.category("web_tour.tours").add("oiconnect_billing_dispute", {
    steps: () => [
        {
            trigger: ".o_control_panel button:contains(Importer une contestation)",
            run: "click",
        },
        ...choose("operator_id", "OCX1", "OCX1"),
        {
            trigger: ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
            run: chooseFile,
        },
        {trigger: ".modal .o_field_widget[name=file] .o_clear_file_button"},
        {trigger: ".modal button[name=action_import]", run: "click"},
        {
            content: "the dispute is on its form",
            trigger: `${noDialog} .o_arrow_button_current:contains(À traiter)`,
        },
        {trigger: ".o_statusbar_buttons button[name=action_view_lines]", run: "click"},
        {
            content: "the first line is opened beside its proof",
            trigger: ".o_data_row:contains(Clos) .o_data_cell[name=number]",
            run: "click",
        },
        {trigger: ".o_form_view .o_field_widget[name=calculation]:contains(31)"},
        {trigger: "button[name=action_accept]", run: "click"},
        ...confirmed,
        {trigger: `${noDialog} .o_arrow_button_current:contains(Acceptée)`},
        {trigger: ".oe_stat_button[name=action_open_dispute]", run: "click"},
        {trigger: "button[name=action_make_refunds]", run: "click"},
        {
            content: "the credit note is a draft",
            trigger: ".o_data_row:contains(Brouillon) .o_data_cell[name=display_name]",
            run: "click",
        },
        {
            content: "and leads back to the line",
            trigger: ".oe_stat_button[name=action_oiconnect_disputed_lines]",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains(Acceptée)"},
    ],
});

// A month, from its preview to the invoice that is posted.
registry.category("web_tour.tours").add("oiconnect_billing_month", {
    steps: () => [
        {trigger: "button[name=action_preview]", run: "click"},
        {
            content: "each amount beside the month before",
            trigger:
                ".o_field_widget[name=preview_ids] .o_data_row:contains(OCX1):contains(62,00)",
        },
        {trigger: "button[name=action_compute]", run: "click"},
        {trigger: ".o_notebook .nav-link:contains(Opérateurs)", run: "click"},
        {
            trigger:
                ".o_field_widget[name=row_ids] .o_data_row:contains(OCX1) .o_data_cell[name=operator_id]",
            run: "click",
        },
        {trigger: ".o_form_view .oe_stat_button[name=action_oiconnect_annex_csv]"},
        {trigger: "button[name=action_post]", run: "click"},
        {trigger: ".modal:contains(numéro) .btn-primary", run: "click"},
        {trigger: `${noDialog} .o_arrow_button_current:contains(/^Comptabilis/)`},
    ],
});
