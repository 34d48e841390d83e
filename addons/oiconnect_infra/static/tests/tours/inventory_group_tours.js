import {
    back,
    choose,
    edit,
    filter,
    group,
    neighbour,
    open,
    record,
    removeDone,
    removeRefused,
} from "./inventory_steps";
import {registry} from "@web/core/registry";

const NETWORK = "menu_infrastructure";

function tour(screen, steps) {
    registry
        .category("web_tour.tours")
        .add(`oiconnect_inventory_${screen}`, {steps: () => steps});
}

tour("nro", [
    ...open(NETWORK, "menu_nro", "NRO"),
    ...filter("Référence", "NRO-ESSAI", "NRO-ESSAI"),
    ...filter("État", "Déployé", "NRO-ESSAI", "Déployé"),
    ...filter("Type de NRO", "NRO-PTP", "NRO-VIDE", "NRO-PTP"),
    ...choose("Planifié", "NRO-VIDE"),
    ...group("Type de NRO", "NRO-PTP (1)"),
    ...record("NRO-ESSAI"),
    ...neighbour("PRDM", "PRDM-ESSAI-01", "NRO-ESSAI"),
    ...neighbour("Liens", "LIEN-ESSAI-02", "NRO-ESSAI"),
    ...edit("street_name", "DE LA GARE"),
    ...removeRefused("PRDM-ESSAI-01"),
    ...back("NRO"),
    ...record("NRO-VIDE"),
    ...removeDone("NRO-VIDE"),
]);

tour("technical_pm", [
    ...open(NETWORK, "menu_technical_pm", "PM techniques"),
    ...filter("Référence", "PMT-ESSAI", "PMT-ESSAI"),
    ...filter("PM", "PM-ESSAI-02", "PMT-VIDE"),
    ...filter("Type de matériel", "baie", "PMT-VIDE"),
    ...choose("Sur rendez-vous", "PMT-VIDE"),
    ...group("PM", "PM-ESSAI-01 (1)"),
    ...record("PMT-ESSAI"),
    ...neighbour("Modules", "TIROIR ESSAI", "PMT-ESSAI"),
    ...edit("room_code", "B1204"),
    ...removeRefused("TIROIR ESSAI"),
    ...back("PM techniques"),
    ...record("PMT-VIDE"),
    ...removeDone("PMT-VIDE"),
]);

tour("lot", [
    ...open(NETWORK, "menu_lot", "Lots de PM"),
    ...filter("Référence", "LOT-ESSAI", "LOT-ESSAI"),
    ...filter("Nom", "plaine", "LOT-VIDE"),
    ...filter("PM", "PM-ESSAI-01", "LOT-ESSAI"),
    ...record("LOT-ESSAI"),
    ...neighbour("PM", "PM-ESSAI-01", "LOT-ESSAI"),
    ...edit("name", "Appel du plateau"),
    ...removeRefused("PM-ESSAI-01"),
    ...back("Lots de PM"),
    ...record("LOT-VIDE"),
    ...removeDone("LOT-VIDE"),
]);

tour("pb_batch", [
    ...open(NETWORK, "menu_pb_batch", "Lots de PB"),
    ...filter("Référence", "LOTPB-ESSAI", "LOTPB-ESSAI"),
    ...filter("PM", "PM-ESSAI-02", "LOTPB-PREVU"),
    ...filter("Opérateur", "OCAA", "LOTPB-ESSAI"),
    ...filter("Adresses", "X/0001", "LOTPB-ESSAI"),
    ...choose("Livrés", "LOTPB-ESSAI"),
    ...choose("À livrer", "LOTPB-PREVU"),
    ...group("PM", "PM-ESSAI-01 (1)"),
    ...record("LOTPB-ESSAI"),
    ...neighbour("Adresses", "IMB/99001/X/0001", "LOTPB-ESSAI"),
    ...edit("dwelling_count", "17"),
    ...back("Lots de PB"),
    ...record("LOTPB-PREVU"),
    ...removeDone("LOTPB-PREVU"),
]);

tour("manager", [
    ...open(NETWORK, "menu_manager", "Gestionnaires \\(syndics\\)"),
    ...filter("Nom", "syndic essai", "SYNDIC ESSAI"),
    ...filter("SIRET", "73282932000074", "RÉGIE VIDE"),
    ...choose("Sans SIRET", "SYNDIC ESSAI"),
    ...choose("Sans immeuble", "RÉGIE VIDE"),
    ...record("SYNDIC ESSAI"),
    ...neighbour("Immeubles", "IMB/99001/X/0001", "SYNDIC ESSAI"),
    ...edit("name", "SYNDIC ESSAI ET FILS"),
    ...removeRefused("IMB/99001/X/0001"),
    ...back("Gestionnaires \\(syndics\\)"),
    ...record("RÉGIE VIDE"),
    ...removeDone("RÉGIE VIDE"),
]);
