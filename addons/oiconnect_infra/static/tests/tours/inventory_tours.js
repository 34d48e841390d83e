import {
    NETWORK,
    back,
    cannotRemove,
    choose,
    edit,
    filter,
    group,
    neighbour,
    open,
    record,
    removeDone,
    removeRefused,
    screen,
    tour,
    visit,
} from "./inventory_steps";

const ROUTES = "menu_routes";

screen("prdm", [
    ...open(NETWORK, "menu_prdm", "PRDM"),
    ...filter("Référence", "ESSAI-01", "PRDM-ESSAI-01"),
    ...filter("État", "Déployé", "PRDM-ESSAI-01", "Déployé"),
    ...filter("Nombre minimal de logements", "300", "PRDM-ESSAI-01"),
    ...filter("Nombre minimal de logements, au moins", "500", "PRDM-ESSAI-02"),
    ...filter("NRO", "NRO-ESSAI", "PRDM-ESSAI-01"),
    ...choose("Planifié", "PRDM-ESSAI-02"),
    ...group("État", "Déployé (1)"),
    ...record("PRDM-ESSAI-01"),
    ...neighbour("PM", "PM-ESSAI-01", "PRDM-ESSAI-01"),
    ...edit("min_dwellings", "320"),
    ...removeRefused("PM-ESSAI-01"),
    ...back("PRDM"),
    ...record("PRDM-ESSAI-02"),
    ...removeDone("PRDM-ESSAI-02"),
]);

screen("pm", [
    ...open(NETWORK, "menu_pm", "PM"),
    ...filter("Référence", "ESSAI-01", "PM-ESSAI-01"),
    ...filter("État", "Planifié", "PM-ESSAI-02", "Planifié"),
    ...filter("Autorisation de commande", "Fermée", "PM-ESSAI-02", "Fermée"),
    ...filter("Lot", "LOT-ESSAI", "PM-ESSAI-01"),
    ...filter("PM techniques", "PMT-ESSAI", "PM-ESSAI-01"),
    ...choose("Fermés à la commande", "PM-ESSAI-02"),
    ...group("Autorisation de commande", "Ouverte (1)"),
    ...record("PM-ESSAI-01"),
    ...neighbour("Immeubles", "IMB/99001/X/0001", "PM-ESSAI-01"),
    ...neighbour("PBO", "PBO-ESSAI-01", "PM-ESSAI-01"),
    ...neighbour("Modules", "TIROIR ESSAI", "PM-ESSAI-01"),
    ...neighbour("Liens", "LIEN-ESSAI-01", "PM-ESSAI-01", true),
    ...edit("riser_count", "4", "capacity"),
    ...cannotRemove(),
]);

screen("pm_link", [
    ...open(NETWORK, "menu_pm_link", "Liens PM/PRDM"),
    ...filter("Référence", "ESSAI-01", "LIEN-ESSAI-01"),
    ...filter("PM", "PM-ESSAI-02", "LIEN-ESSAI-02"),
    ...filter("PRDM", "ESSAI-01", "LIEN-ESSAI-01"),
    ...filter("État", "Planifié", "LIEN-ESSAI-02", "Planifié"),
    ...choose("Sans fibre libre", "LIEN-ESSAI-01"),
    ...group("État", "Déployé (1)"),
    ...record("LIEN-ESSAI-01"),
    ...edit("length_km", "3"),
    ...back("Liens PM/PRDM"),
    ...record("LIEN-ESSAI-02"),
    ...removeDone("LIEN-ESSAI-02"),
]);

screen("pbo", [
    ...open(NETWORK, "menu_pbo", "PBO"),
    ...filter("Référence", "ESSAI-01", "PBO-ESSAI-01"),
    ...filter("Type", "Façade", "PBO-ESSAI-01"),
    ...filter("Type de raccordement PTO", "Aérien", "PBO-ESSAI-02"),
    ...filter("PM", "PM-ESSAI-02", "PBO-ESSAI-02"),
    ...group("Type", "Façade (1)"),
    ...record("PBO-ESSAI-01"),
    ...neighbour("Prises", "ZZ-ESSA-0001", "PBO-ESSAI-01"),
    ...edit("material_type", "Boîtier 6 FO"),
    ...cannotRemove(),
]);

screen("building", [
    ...open(NETWORK, "menu_building", "Immeubles"),
    ...filter("Identifiant", "X/0001", "IMB/99001/X/0001"),
    ...filter("État", "Cible", "IMB/99001/X/0002", "Cible"),
    ...filter("Adresse", "12 rue des tilleuls", "IMB/99001/X/0001"),
    ...filter("Logements", "18", "IMB/99001/X/0001"),
    ...filter("Logements, au moins", "10", "IMB/99001/X/0001"),
    ...filter("Type", "Pavillon", "IMB/99001/X/0002", "Pavillon"),
    ...filter("PM", "PM-ESSAI-01", "IMB/99001/X/0001"),
    ...choose("Sans PM", "IMB/99001/X/0002"),
    ...group("Type", "Pavillon (1)"),
    ...record("IMB/99001/X/0001"),
    ...neighbour("Prises", "ZZ-ESSA-0001", "IMB/99001/X/0001"),
    ...edit("dwelling_count", "20"),
    ...removeRefused("ZZ-ESSA-0001"),
    ...back("Immeubles"),
    ...record("IMB/99001/X/0002"),
    ...removeDone("IMB/99001/X/0002"),
]);

screen("pto", [
    ...open(NETWORK, "menu_pto", "Prises \\(PTO\\)"),
    ...filter("Référence", "ESSA-0001", "ZZ-ESSA-0001"),
    ...filter("Immeuble", "X/0001", "ZZ-ESSA-0001"),
    ...filter("Immeuble", "12 rue des tilleuls", "ZZ-ESSA-0001"),
    ...filter("PBO", "PBO-ESSAI-02", "ZZ-ESSA-0002"),
    ...choose("Existante", "ZZ-ESSA-0001"),
    ...group("État", "Existante (1)"),
    ...record("ZZ-ESSA-0001"),
    ...neighbour("Routes", "PM-ESSAI-01 / TIROIR ESSAI / P1", "ZZ-ESSA-0001"),
    ...edit("door", "12B"),
]);

screen("pm_module", [
    ...open(ROUTES, "menu_pm_module", "Modules PM"),
    ...filter("Nom", "tiroir essai", "TIROIR ESSAI"),
    ...filter("Position", "P1", "TIROIR ESSAI"),
    ...filter("Référence câble", "CB-ESSAI-01", "TIROIR ESSAI"),
    ...choose("D’un opérateur", "TIROIR OCAA"),
    ...group("PM", "PM-ESSAI-01 (2)"),
    ...record("TIROIR ESSAI"),
    ...neighbour("Positions", "P1", "TIROIR ESSAI"),
    ...edit("name", "TIROIR ESSAI BIS"),
    ...removeRefused("PM-ESSAI-01 / TIROIR ESSAI / P1"),
]);

screen("pbo_cable", [
    ...open(ROUTES, "menu_pbo_cable", "Câbles"),
    ...filter("Module", "tiroir essai", "CB-ESSAI-01"),
    ...filter("Position", "P1", "CB-ESSAI-01"),
    ...filter("Référence câble", "CB-ESSAI-02", "CB-ESSAI-02"),
    ...filter("PM", "PM-ESSAI-02", "CB-ESSAI-02"),
    ...group("PM", "PM-ESSAI-01 (1)"),
    ...record("CB-ESSAI-01"),
    ...neighbour("Routes", "PM-ESSAI-01 / TIROIR ESSAI / P1", "CB-ESSAI-01"),
    ...edit("tube_count", "12"),
    ...removeRefused("PM-ESSAI-01 / TIROIR ESSAI / P1"),
]);

screen("route", [
    ...open(ROUTES, "menu_route", "Routes optiques"),
    ...filter("Nom", "ESSAI / P1", "ESSAI / P1"),
    ...filter("Position", "p2", "ESSAI / P2"),
    ...filter("PBO", "PBO-ESSAI-02", "ESSAI / P2"),
    ...filter("Câble au module", "CB-ESSAI-02", "ESSAI / P2"),
    ...filter("Câble au PBO", "CB-ESSAI-02", "ESSAI / P2"),
    ...filter("Tube", "1", "ESSAI / P1"),
    ...filter("Fibre", "ROSE", "ESSAI / P2"),
    ...filter("Prise \\(PTO\\)", "ESSA-0001", "ESSAI / P1"),
    ...filter("Immeuble", "X/0001", "ESSAI / P1"),
    ...choose("Utilisée", "ESSAI / P1"),
    ...choose("Non utilisée", "ESSAI / P2"),
    ...group("État", "Utilisée (1)"),
    ...record("ESSAI / P1"),
    ...edit("sequence", "25"),
]);

visit("groups", ["nro", "technical_pm", "lot", "pb_batch", "manager"]);
visit("cabinets", ["pm", "pm_link", "pbo", "prdm"]);
visit("homes", ["pto", "building"]);
visit("fibres", ["route", "pbo_cable", "pm_module"]);

const SCREENS = [
    [NETWORK, "nro", "NRO"],
    [NETWORK, "prdm", "PRDM"],
    [NETWORK, "pm", "PM"],
    [NETWORK, "technical_pm", "PM techniques"],
    [NETWORK, "lot", "Lots de PM"],
    [NETWORK, "pm_link", "Liens PM/PRDM"],
    [NETWORK, "pbo", "PBO"],
    [NETWORK, "pb_batch", "Lots de PB"],
    [NETWORK, "building", "Immeubles"],
    [NETWORK, "manager", "Gestionnaires \\(syndics\\)"],
    [NETWORK, "pto", "Prises \\(PTO\\)"],
    [ROUTES, "pm_module", "Modules PM"],
    [ROUTES, "pbo_cable", "Câbles"],
    [ROUTES, "route", "Routes optiques"],
];

// Who only reads finds no button to create, and a form without any entry.
tour(
    "reader",
    SCREENS.flatMap(([section, screenName, title]) => [
        ...open(section, `menu_${screenName}`, title),
        {trigger: ".o_control_panel:not(:has(.o_list_button_add))"},
        {trigger: ".o_data_row .o_data_cell", run: "click"},
        {
            content: `${screenName} is read only`,
            trigger: ".o_form_view .o_form_readonly:not(:has(.o_form_button_save))",
        },
    ])
);
