import {openMenu} from "@oiconnect_base/../tests/tours/journey";

/** From any screen to the list of accesses. */
export const toAccesses = openMenu(
    "oiconnect_base.menu_access",
    "oiconnect_orders.menu_access_order",
    ".o_list_view .o_facet_value:contains(/^En cours$/)"
);
