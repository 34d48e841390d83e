import {
    NETWORK,
    cannotRemove,
    choose,
    edit,
    filter,
    group,
    neighbour,
    open,
    record,
    screen,
    tour,
    visit,
} from "./inventory_steps";

const ROUTES = "menu_routes";

screen("prdm", [
    ...open(NETWORK, "menu_prdm", "PRDM"),
    ...filter("Référence", "ESSAI-01", "PRDM-ESSAI-01"),
    ...filter("État", "Déployé", "PRDM-ESSAI-01", "Déployé"),
    ...choose("Planifié", "PRDM-ESSAI-02"),
    ...group("État", "Déployé (1)"),
    ...record("PRDM-ESSAI-01"),
    ...edit("min_dwellings", "320"),
]);

screen("pm", [
    ...open(NETWORK, "menu_pm", "PM"),
    ...record("PM-ESSAI-01"),
    ...neighbour("Liens", "LIEN-ESSAI-01", "PM-ESSAI-01", true),
    ...edit("riser_count", "4", "capacity"),
    ...cannotRemove(),
]);

screen("pm_link", [
    ...open(NETWORK, "menu_pm_link", "Liens PM/PRDM"),
    ...record("LIEN-ESSAI-01"),
    ...edit("length_km", "3"),
]);

screen("pbo", [
    ...open(NETWORK, "menu_pbo", "PBO"),
    ...record("PBO-ESSAI-01"),
    ...edit("material_type", "Boîtier 6 FO"),
]);

screen("building", [
    ...open(NETWORK, "menu_building", "Immeubles"),
    ...record("IMB/99001/X/0001"),
    ...edit("dwelling_count", "20"),
]);

screen("pto", [
    ...open(NETWORK, "menu_pto", "Prises \\(PTO\\)"),
    ...record("ZZ-ESSA-0001"),
    ...edit("door", "12B"),
]);

screen("pm_module", [
    ...open(ROUTES, "menu_pm_module", "Modules PM"),
    ...record("TIROIR ESSAI"),
    ...edit("name", "TIROIR ESSAI BIS"),
]);

screen("pbo_cable", [
    ...open(ROUTES, "menu_pbo_cable", "Câbles"),
    ...record("CB-ESSAI-01"),
    ...edit("tube_count", "12"),
]);

screen("route", [
    ...open(ROUTES, "menu_route", "Routes optiques"),
    ...record("ESSAI / P1"),
    ...edit("sequence", "25"),
]);

visit("screens", [
    ...["nro", "technical_pm", "lot", "pb_batch", "manager"],
    ...["pm", "pm_link", "pbo", "prdm"],
    ...["pto", "building"],
    ...["route", "pbo_cable", "pm_module"],
]);

const READ = [
    [NETWORK, "pm", "PM"],
    [ROUTES, "route", "Routes optiques"],
];

// Who only reads finds no button to create, and a form without any entry.
tour(
    "reader",
    READ.flatMap(([section, screenName, title]) => [
        ...open(section, `menu_${screenName}`, title),
        {trigger: ".o_control_panel:not(:has(.o_list_button_add))"},
        {trigger: ".o_data_row .o_data_cell", run: "click"},
        {
            content: `${screenName} is read only`,
            trigger: ".o_form_view .o_form_readonly:not(:has(.o_form_button_save))",
        },
    ])
);
