import {
    NETWORK,
    back,
    edit,
    history,
    neighbour,
    open,
    record,
    removeDone,
    removeRefused,
    screen,
} from "./inventory_steps";

// The whole road, once; on the other screens, what is typed.
screen("nro", [
    ...open(NETWORK, "menu_nro", "NRO"),
    ...record("NRO-ESSAI"),
    ...neighbour("PRDM", "PRDM-ESSAI-01", "NRO-ESSAI"),
    ...edit("street_name", "DE LA GARE"),
    ...history("DE LA GARE"),
    ...removeRefused("PRDM-ESSAI-01"),
    ...back("NRO"),
    ...record("NRO-VIDE"),
    ...removeDone("NRO-VIDE"),
]);

screen("technical_pm", [
    ...open(NETWORK, "menu_technical_pm", "PM techniques"),
    ...record("PMT-ESSAI"),
    ...edit("room_code", "B1204"),
]);

screen("lot", [
    ...open(NETWORK, "menu_lot", "Lots de PM"),
    ...record("LOT-ESSAI"),
    ...edit("name", "Appel du plateau"),
]);

screen("pb_batch", [
    ...open(NETWORK, "menu_pb_batch", "Lots de PB"),
    ...record("LOTPB-ESSAI"),
    ...edit("dwelling_count", "17"),
]);

screen("manager", [
    ...open(NETWORK, "menu_manager", "Gestionnaires \\(syndics\\)"),
    ...record("SYNDIC ESSAI"),
    ...edit("name", "SYNDIC ESSAI ET FILS"),
]);
