import {
    NETWORK,
    back,
    edit,
    neighbour,
    open,
    record,
    removeDone,
    removeRefused,
    screen,
} from "./inventory_steps";

screen("nro", [
    ...open(NETWORK, "menu_nro", "NRO"),
    ...record("NRO-ESSAI"),
    ...neighbour("PRDM", "PRDM-ESSAI-01", "NRO-ESSAI"),
    ...neighbour("Liens", "LIEN-ESSAI-02", "NRO-ESSAI"),
    ...edit("street_name", "DE LA GARE"),
    ...removeRefused("PRDM-ESSAI-01"),
    ...back("NRO"),
    ...record("NRO-VIDE"),
    ...removeDone("NRO-VIDE"),
]);

screen("technical_pm", [
    ...open(NETWORK, "menu_technical_pm", "PM techniques"),
    ...record("PMT-ESSAI"),
    ...neighbour("Modules", "TIROIR ESSAI", "PMT-ESSAI"),
    ...edit("room_code", "B1204"),
    ...removeRefused("TIROIR ESSAI"),
    ...back("PM techniques"),
    ...record("PMT-VIDE"),
    ...removeDone("PMT-VIDE"),
]);

screen("lot", [
    ...open(NETWORK, "menu_lot", "Lots de PM"),
    ...record("LOT-ESSAI"),
    ...neighbour("PM", "PM-ESSAI-01", "LOT-ESSAI"),
    ...edit("name", "Appel du plateau"),
    ...removeRefused("PM-ESSAI-01"),
    ...back("Lots de PM"),
    ...record("LOT-VIDE"),
    ...removeDone("LOT-VIDE"),
]);

screen("pb_batch", [
    ...open(NETWORK, "menu_pb_batch", "Lots de PB"),
    ...record("LOTPB-ESSAI"),
    ...neighbour("Adresses", "IMB/99001/X/0001", "LOTPB-ESSAI"),
    ...edit("dwelling_count", "17"),
    ...back("Lots de PB"),
    ...record("LOTPB-PREVU"),
    ...removeDone("LOTPB-PREVU"),
]);

screen("manager", [
    ...open(NETWORK, "menu_manager", "Gestionnaires \\(syndics\\)"),
    ...record("SYNDIC ESSAI"),
    ...neighbour("Immeubles", "IMB/99001/X/0001", "SYNDIC ESSAI"),
    ...edit("name", "SYNDIC ESSAI ET FILS"),
    ...removeRefused("IMB/99001/X/0001"),
    ...back("Gestionnaires \\(syndics\\)"),
    ...record("RÉGIE VIDE"),
    ...removeDone("RÉGIE VIDE"),
]);
