import {rpc} from "@web/core/network/rpc";

const STATE = ".o_statusbar_status .o_arrow_button_current";
const NONE = "body:not(:has(.o_error_dialog))";

/** The refusal is read as its sentence (no button for a trace), then closed. */
function refused(sentence) {
    return [
        {
            trigger: `.o_error_dialog [role=alert]:not(:has(button)):contains(${sentence})`,
        },
        {trigger: ".o_error_dialog .o-default-button", run: "click"},
        {trigger: NONE},
    ];
}

function open(reference) {
    return [
        {
            trigger: `.o_data_row:contains(${reference}) .o_data_cell[name=oc_reference]`,
            run: "click",
        },
        {trigger: `.o_form_view ${STATE}:contains(/^Accusée$/)`},
    ];
}

function call(model, method, ids) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, {
        model,
        method,
        args: [ids],
        kwargs: {},
    });
}

// What is not possible, or not now, is reported in a sentence: never by a trace.
export const REFUSALS = {
    steps: () => [
        {
            trigger: ".o_data_row:contains(OCT-AVANCE)",
        },
        {
            content: "choose acknowledged orders",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel .o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(Mettre en service)",
            run: "click",
        },
        ...refused("« Mise en service » n'est pas possible pour 3 commandes"),
        {
            trigger: ".o_list_view thead .o_list_record_selector input:checked",
            run: "click",
        },
        {trigger: ".o_list_view:not(:has(.o_data_row_selected))"},
        ...open("OCT-AVANCE"),
        {
            content: "another user studies the order meanwhile, then one rejects it",
            trigger: "button[name=action_decide]:contains(/^Rejeter$/)",
            async run({click}) {
                const [, id] = window.location.pathname.match(/\/(\d+)$/);
                await call("oiconnect.access.order", "action_study", [Number(id)]);
                await click();
            },
        },
        ...refused("« Rejet » n'est pas possible dans l'état « En raccordement »"),
        {
            content: "the form behind is of now",
            trigger: `.o_form_view ${STATE}:contains(/^En raccordement$/)`,
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        ...open("OCT-TENUE"),
        {
            content: "another user is at this one",
            trigger: "button[name=action_study]:contains(/^Étudier maintenant$/)",
            run: "click",
        },
        ...refused("en cours de modification par quelqu'un d'autre"),
    ],
};
