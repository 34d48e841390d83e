import {journey} from "@oiconnect_base/../tests/tours/journey";
import {toAccesses} from "./accesses";
import {choose} from "./fields";

const STATE = ".o_statusbar_status .o_arrow_button_current";
const LIST = ".o_data_row .o_data_cell[name=oc_reference]";

// A user rejects an acknowledged order, for a reason that the operator receives.
const REJECT = {
    steps: () => [
        {
            trigger: `${LIST}:contains(OCT-REJET)`,
            run: "click",
        },
        {
            content: "the order waits for its study",
            trigger: `${STATE}:contains(/^Accusée$/)`,
        },
        {
            trigger: "button[name=action_decide]:contains(/^Rejeter$/)",
            run: "click",
        },
        {
            content: "the dialog tells what follows",
            trigger: ".modal .alert:contains(Le motif est donné)",
        },
        {
            content: "no rejection without a reason",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason_id].o_field_invalid",
        },
        ...choose("reason_id", "FADR04", "FADR04"),
        {
            trigger: ".modal .o_field_widget[name=comment] input",
            run: "edit Étage inexistant",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "the bar shows where it ended",
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^Rejetée \\(CR\\)$/)`,
        },
        {
            content: "the banner tells why",
            trigger: ".alert-danger:contains(FADR04):contains(Étage inexistant)",
        },
    ],
};

// The hotline takes an order for an operator: wrong at first, then right.
const BY_HAND = {
    steps: () => [
        {
            trigger: ".o_control_panel button:contains(/^Nouveau$/)",
            run: "click",
        },
        {
            trigger: ".modal .modal-title:contains(Commande pour un opérateur)",
        },
        ...choose("operator_id", "OCT1", "OCT1"),
        {
            content: "missing values are shown while one types",
            trigger: ".modal .alert-warning:contains(immeuble : son PM vient avec lui)",
        },
        ...choose("building_id", "lilas exempleville 1", "DES LILAS"),
        {
            content: "the PM and the operator's service come with the building",
            trigger: ".modal .o_field_widget[name=pm_service_id]:contains(XPM-OCT1)",
        },
        {
            trigger: ".modal .alert-warning:contains(Nom :)",
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
            trigger: ".modal .o_field_widget[name=customer_firstname] input",
            run: "edit Camille",
        },
        {
            content: "every control is passed",
            trigger: ".modal .alert-success:contains(Tous les contrôles sont passés)",
        },
        {
            trigger: ".modal button[name=action_order]:contains(Prendre la commande)",
            run: "click",
        },
        {
            content: "the order is studied at once",
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^En raccordement$/)`,
        },
        {
            trigger: ".o_form_view h1:contains(HOTLINE-)",
        },
        {
            content: "the operator is notified as of an order by file",
            trigger: ".o_timeline_entry[data-kind=message]:contains(CR_CMD)",
        },
        {
            trigger: ".o_timeline_entry[data-kind=message]:contains(AR_CMD)",
        },
    ],
};

// The hotline takes over a line in service: said in red, confirmed, visible afterwards.
const TAKEOVER = {
    steps: () => [
        {
            trigger: ".o_control_panel button:contains(/^Nouveau$/)",
            run: "click",
        },
        ...choose("operator_id", "OCT2", "OCT2"),
        ...choose("building_id", "lilas", "DES LILAS"),
        {
            trigger: ".modal .o_field_widget[name=customer_name] input",
            run: "edit EXEMPLE",
        },
        {
            trigger: ".modal .o_field_widget[name=existing_socket] input",
            run: "click",
        },
        ...choose("pto_id", "TENUE", "ZO-PRISE-TENUE"),
        {
            content: "the holder is named, and nothing is green",
            trigger:
                ".modal:not(:has(.alert-success)) .alert-danger:contains(ZO-PRISE-TENUE est en service):contains(OCT1):contains(OCT-TENUE)",
        },
        {
            content: "the usual button is not there: this one asks once more",
            trigger:
                ".modal-footer:not(:has(button:contains(Prendre la commande))) button.btn-danger:contains(Écraser la ligne)",
            run: "click",
        },
        {
            trigger:
                ".modal:contains(Un autre opérateur perd cette ligne) .btn-primary",
            run: "click",
        },
        {
            content: "the order goes on saying it",
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^En raccordement$/)`,
        },
        {
            trigger: ".o_form_view .alert-danger:contains(OCT-TENUE)",
        },
        {
            trigger: "button[name=action_decide]:contains(/^Raccordée$/)",
            run: "click",
        },
        {
            content: "so does the confirmation",
            trigger: ".modal .alert-danger:contains(OCT1):contains(OCT-TENUE)",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${STATE}:contains(/^Mise à disposition$/)`,
        },
        {
            trigger: ".o_form_view .alert-info:contains(a écrasé la ligne de)",
        },
    ],
};

// The fibre of a line is broken: the line gets another route during the visit.
const ROUTE = {
    steps: () => [
        {
            trigger: `${LIST}:contains(OCT-ROUTE)`,
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link[name=route]",
            run: "click",
        },
        {
            content: "the route is drawn",
            trigger: ".o_trace_drawing svg text:contains(TIROIR 04 / D3)",
        },
        {
            trigger: "button[name=action_change_route]:contains(Changer la route)",
            run: "click",
        },
        {
            trigger: ".modal .alert:contains(numéro de décharge)",
        },
        ...choose("reason_id", "Fibre HS", "Fibre HS"),
        ...choose("route_id", "D4", "D4"),
        {
            trigger: ".modal button[name=action_change]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Numéro de décharge)",
        },
        {
            content: "the new route is drawn",
            trigger: ".o_trace_drawing svg text:contains(TIROIR 04 / D4)",
        },
        {
            trigger: ".o_notebook .nav-link[name=story]",
            run: "click",
        },
        {
            trigger:
                ".o_timeline_entry[data-kind=step]:contains(Nouvelle route à chaud)",
        },
    ],
};

journey("oiconnect_order_reject_and_take", REJECT, toAccesses, BY_HAND);
journey("oiconnect_order_route_and_takeover", ROUTE, toAccesses, TAKEOVER);
