import {registry} from "@web/core/registry";

const LIST = "/odoo/action-oiconnect_orders.access_order_action";

function go(address) {
    return {
        trigger: ".o_main_navbar",
        run: () => window.location.assign(address),
        expectUnloadPage: true,
    };
}

// A colour and a banner say that nothing is real; what is real is not there.
registry.category("web_tour.tours").add("oiconnect_sandbox", {
    steps: () => [
        go(LIST),
        {trigger: ".o_data_row:contains(MODE-OIR1)"},
        {trigger: "body:not(:has(.o_data_row:contains(MODE-OIS1)))"},
        {
            trigger: ".o_oic_sandbox_entry",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_oic_sandbox_banner:contains(Bac à sable)"},
        go(LIST),
        {trigger: ".o_data_row:contains(MODE-OIS1)"},
        {trigger: "body:not(:has(.o_data_row:contains(MODE-OIR1)))"},
        {
            trigger: ".o_oic_sandbox_banner button:contains(Quitter)",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "body:not(:has(.o_oic_sandbox_banner)) .o_oic_sandbox_entry"},
        go(LIST),
        {trigger: ".o_data_row:contains(MODE-OIR1)"},
    ],
});
