import {choose, find, inClicks} from "@oiconnect_base/../tests/tours/clicks";
import {journey, openMenu} from "@oiconnect_base/../tests/tours/journey";
import {registry} from "@web/core/registry";
import {toAccesses} from "./accesses";

const tours = registry.category("web_tour.tours");
const STATE = ".o_statusbar_status .o_arrow_button_current";

const SOCKET = {
    steps: () => inClicks(0, find("OITO-PTO-CLICS", "OITO-PTO-CLICS")),
};

const CUSTOMER = {
    steps: () => inClicks(0, find("06 11 22 33 44", "OCT-LIGNE")),
};

const HOTLINE = {
    steps: () =>
        inClicks(12, [
            {
                trigger: ".o_control_panel button:contains(/^Nouveau$/)",
                run: "click",
            },
            ...choose("operator_id", "OCT1", "OCT1"),
            ...choose("building_id", "lilas exempleville 1", "DES LILAS"),
            {trigger: ".modal .o_field_widget[name=pm_service_id]:contains(XPM-OCT1)"},
            {
                content: "we connect it",
                trigger: ".modal .o_field_widget[name=connection_type] input",
                run: "click",
            },
            {
                trigger: ".o_select_menu_item:contains(/l.OI$/)",
                run: "click",
            },
            {
                trigger: ".modal .o_field_widget[name=customer_name] input",
                run: "edit EXEMPLE",
            },
            {
                trigger: ".modal .o_field_widget[name=customer_contact1] input",
                run: "edit 0600000001",
            },
            {
                trigger: ".modal button[name=action_book_visit]",
                run: "click",
            },
            {
                trigger: ".modal .o_oic_slot:first",
                run: "click",
            },
            {
                content: "back on the order, with its visit and what was typed before",
                trigger:
                    ".modal .o_field_widget[name=customer_name] input:value(EXEMPLE)",
            },
            {
                trigger:
                    ".modal .alert-success:contains(Tous les contrôles sont passés)",
            },
            {
                trigger:
                    ".modal:has(.o_field_widget[name=appointment_id] input:value(/ERDV/)) button[name=action_order]",
                run: "click",
            },
            {
                trigger: `body:not(:has(.modal)) ${STATE}:contains(/^En raccordement$/)`,
            },
        ]),
};

/** One thing of the work list: do it on its order, go on to the next. */
function resume(rank) {
    const next = {trigger: ".o_form_view .o_pager_next", run: "click"};
    return [
        {trigger: `.o_form_view h1:contains(OCT-SUITE-${rank})`},
        {trigger: "button[name=action_resume]", run: "click"},
        {trigger: ".o_form_view:not(:has(.alert:contains(À traiter):visible))"},
        ...(rank < 2 ? [next] : []),
    ];
}

tours.add("oiconnect_clicks_work_list", {
    steps: () =>
        // One to open the first, one to do each, one to go on to each of the others.
        inClicks(6, [
            {
                trigger:
                    ".o_data_row:first .o_data_cell[name=name]:contains(OCT-SUITE-0)",
                run: "click",
            },
            ...[0, 1, 2].flatMap(resume),
        ]),
});

const MOVE_VISIT = {
    steps: () =>
        inClicks(3, [
            {
                trigger: ".o_data_row:contains(OCT-CLICS) .o_data_cell[name=reference]",
                run: "click",
            },
            {trigger: "button[name=action_move]", run: "click"},
            {
                trigger: ".modal .o_field_widget[name=comment] input",
                run: "edit Le client préfère un autre jour",
            },
            {
                trigger: ".modal .o_oic_slot:first",
                run: "click",
            },
            {
                trigger:
                    "body:not(:has(.modal)) .o_field_widget[name=move_count]:contains(1)",
            },
        ]),
};

journey(
    "oiconnect_clicks_hotline",
    SOCKET,
    toAccesses,
    CUSTOMER,
    openMenu(
        "oiconnect_base.menu_management",
        "oiconnect_orders.menu_appointment_request",
        ".o_list_view .o_data_row:contains(OCT-CLICS)"
    ),
    MOVE_VISIT,
    toAccesses,
    HOTLINE
);
