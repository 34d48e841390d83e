import {inClicks} from "@oiconnect_base/../tests/tours/clicks";
import {registry} from "@web/core/registry";

const CELL = (name, text) => `.o_data_cell[name=${name}]:contains(${text})`;
const FILE = ".o_data_row:contains(_IPE_V31_)";

registry.category("web_tour.tours").add("oiconnect_publication", {
    steps: () => [
        {
            content: "the plan of the network and its next moments",
            trigger:
                ".o_data_row:contains(Réseau publié) .o_data_cell[name=name]:contains(IPE)",
            run: "click",
        },
        {trigger: `.o_field_widget[name=schedule_ids] ${CELL("clock", "01:00")}`},
        {trigger: "button[name=action_publish]", run: "click"},
        {
            content: "who gets it, and in what",
            trigger: ".modal .o_field_widget[name=recipients]:contains(OCP1, OCP2)",
        },
        {
            trigger:
                ".modal .o_field_widget[name=versions]:contains(IPE V3.0, IPE V3.1)",
        },
        {trigger: ".modal .o_field_widget[name=full] input", run: "check"},
        {trigger: ".modal button[name=action_publish]", run: "click"},
        {
            content: "both kinds are published in both versions",
            trigger: ".o_list_view .o_data_row:eq(3):contains(Publié)",
        },
        {trigger: `.o_data_row:contains(Delta IPE) ${CELL("state", "Publié")}`},
        {
            content: "the filter of a version",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {trigger: ".o_filter_menu .o_menu_item:contains(V3.1)", run: "click"},
        {trigger: ".o_list_view:not(:has(.o_data_row:contains(V3.0)))"},
        {trigger: `${FILE} .o_data_cell[name=name]`, run: "click"},
        {
            content: "a file is downloaded, its deliveries are listed",
            trigger: "button[name=action_download]:contains(Télécharger)",
        },
        {trigger: `.o_data_row:contains(OCP1) ${CELL("state", "En attente")}`},
        {trigger: "button[name=action_send]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=operator_id] input",
            run: "edit OCP2",
        },
        {trigger: ".o-autocomplete--dropdown-item:contains(OCP2) a", run: "click"},
        {trigger: ".modal button[name=action_send]", run: "click"},
        {
            content: "the file goes to that operator too",
            trigger: ".o_notification:contains(en route vers Opérateur OCP2)",
        },
        {
            trigger: `.o_form_view .o_data_row:contains(OCP2) ${CELL("state", "En attente")}`,
        },
    ],
});

registry.category("web_tour.tours").add("oiconnect_clicks_publication", {
    steps: () =>
        inClicks(4, [
            {trigger: `${FILE} .o_data_cell[name=name]`, run: "click"},
            {
                trigger: ".o_data_row:contains(OCP1) button[name=action_send_again]",
                run: "click",
            },
            {trigger: ".modal:contains(même nom) .btn-primary", run: "click"},
            {
                trigger: `body:not(:has(.modal)) .o_data_row:contains(OCP1) ${CELL("state", "En attente")}`,
            },
        ]),
});
