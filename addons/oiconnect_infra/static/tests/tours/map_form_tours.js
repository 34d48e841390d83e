import {journey} from "@oiconnect_base/../tests/tours/journey";
import {ZONES} from "./map_zone_tours";
import {goToForm} from "./go_to";

const back = (name) => ({
    content: "retour par le fil d'Ariane",
    trigger: `.o_back_button, .breadcrumb-item:contains(${name}) a`,
    run: "click",
});

const FROM_PTO = [
    {trigger: ".o_notebook_headers a:contains(Lieu)", run: "click"},
    {content: "l'immeuble de la prise", trigger: ".o_oic_mini_map .o_oic_ring"},
    {
        trigger: "button[name=action_show_on_map]:contains(Voir sur la carte)",
        run: "click",
    },
    {
        content: "la carte va à son immeuble",
        trigger: ".o_oic_map[data-zoom='18'][data-status=ready] .o_oic_ring",
    },
    {trigger: ".o_breadcrumb:contains(Carte du réseau)"},
    back("ZZ-0000-0001"),
    {trigger: ".o_form_view .o_field_widget[name=reference] input:value(ZZ-0000-0001)"},
];

const FROM_PM = [
    {trigger: ".o_notebook_headers a:contains(Lieu)", run: "click"},
    {content: "le PM et ses voisins", trigger: ".o_oic_mini_map .o_oic_point"},
    {trigger: ".o_oic_mini_map_open:contains(Ouvrir la carte ici)", run: "click"},
    {
        trigger:
            ".o_oic_map[data-status=ready] .o_oic_map_card h2:contains(OICN-99001-0001)",
    },
    {content: "ouvrir la fiche", trigger: ".o_oic_map_open", run: "click"},
    {
        trigger:
            ".o_form_view .o_field_widget[name=reference]:contains(OICN-99001-0001)",
    },
];

const FROM_LINK = [
    {
        content: "les deux bouts du lien sur la petite carte",
        trigger: ".o_oic_mini_map .o_oic_point[aria-label*='PRDM-99001-0001']",
    },
    {trigger: ".o_oic_mini_map .o_oic_point[aria-label*='OICN-99001-0001']"},
    {trigger: "button[name=action_show_on_map]", run: "click"},
    {
        content: "les deux bouts du lien",
        trigger: ".o_oic_point[aria-label*='PRDM-99001-0001']",
    },
    {trigger: ".o_oic_point[aria-label*='OICN-99001-0001']"},
    {trigger: ".o_oic_map_card h2:contains(LIEN-99001-0001)"},
];

const FROM_NRO = [
    {content: "le NRO sur la petite carte", trigger: ".o_oic_mini_map .o_oic_ring"},
    {trigger: "button[name=action_show_on_map]", run: "click"},
    {
        content: "il est montré, même s'il n'est pas un objet de la carte",
        trigger: ".o_oic_map[data-zoom='18'][data-status=ready] .o_oic_ring",
    },
    {trigger: ".o_oic_map:not(:has(.o_oic_map_card))"},
];

const WITHOUT_PLACE = [
    {trigger: ".o_notebook_headers a:contains(Lieu)", run: "click"},
    {trigger: "p:contains(Pas encore de position)"},
    {trigger: ".o_form_view:not(:has(button[name=action_show_on_map]))"},
];

journey(
    "oiconnect_map_forms",
    FROM_PTO,
    goToForm("OICN-99001-0001"),
    FROM_PM,
    goToForm("LIEN-99001-0001"),
    FROM_LINK,
    goToForm("NRO-99001-01"),
    FROM_NRO,
    goToForm("OICN-99001-0008"),
    WITHOUT_PLACE,
    ZONES
);
