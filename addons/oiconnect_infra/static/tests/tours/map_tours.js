import {journey} from "@oiconnect_base/../tests/tours/journey";
import {
    add,
    canvas,
    check,
    clickMap,
    closeDrawer,
    map,
    total,
    wheel,
} from "./map_steps";

/** How many objects of a kind the groups on the screen say that they hold. */
function countInGroups(label) {
    return [...document.querySelectorAll(".o_oic_cluster")].reduce((sum, {title}) => {
        const [, count] = new RegExp(`${label} (\\d+)`).exec(title) || [0, 0];
        return sum + Number(count);
    }, 0);
}

const LOOK = [
    {
        content: "le menu de la carte",
        trigger: ".o_menu_sections [data-menu-xmlid='oiconnect_base.menu_map']",
        run: "click",
    },
    {
        trigger:
            ".o-dropdown--menu [data-menu-xmlid='oiconnect_infra.menu_network_map']",
        run: "click",
    },
    {
        content: "toute la carte, en français",
        trigger: ".o_breadcrumb:contains(Carte du réseau)",
    },
    {content: "les objets de la vue sont comptés", trigger: total("building", 12)},
    {trigger: ".o_oic_map_legend_row[data-kind=pbo]:contains(Saturé)"},
    {content: "de plus loin", trigger: ".o_oic_map_out", run: "click"},
    {trigger: map(15)},
    {
        content: "les immeubles sont groupés, avec leur nombre : il n'en manque aucun",
        trigger: ".o_oic_cluster[title*='Immeubles']",
        run: () => check(countInGroups("Immeubles") === 12, "buildings are missing"),
    },
    {
        content: "on dit comment les voir",
        trigger: ".o_oic_map_zoom_in:contains(Zoomez pour voir les immeubles)",
    },
    {
        content: "la légende",
        trigger: ".o_oic_map_legend_row[data-kind=link]:contains(Planifié)",
    },
];

const CLUSTER = [
    {trigger: `${map(14)}:has(.o_oic_map_zoom_in)`},
    {
        content: "un groupe s'ouvre d'un clic",
        trigger: ".o_oic_cluster:first",
        run: "click",
    },
    {
        content: "plus près, les immeubles sont un par un",
        trigger: `${map()}:not([data-zoom="14"]):not(:has(.o_oic_cluster, .o_oic_map_zoom_in))`,
    },
];

const MOVE = [
    {trigger: map(16)},
    {content: "les immeubles un par un", trigger: `${total("building", 12)}`},
    {content: "aucun groupe", trigger: ".o_oic_map:not(:has(.o_oic_cluster))"},
    {trigger: ".o_oic_map_in", run: "click"},
    {content: "plus zoome", trigger: map(17)},
    {trigger: ".o_oic_map_out", run: "click"},
    {content: "moins dézoome", trigger: map(16)},
    {
        content: "Ctrl et la molette zooment",
        trigger: canvas,
        run: ({anchor}) => check(!wheel(anchor, {ctrlKey: true}), "the page zooms too"),
    },
    {trigger: map(17)},
    {
        content: "la molette seule fait défiler la page",
        trigger: canvas,
        run: ({anchor}) => check(wheel(anchor), "the page does not scroll"),
    },
    {content: "et on dit comment zoomer", trigger: ".o_oic_map_hint:contains(Ctrl)"},
    {content: "la carte n'a pas bougé", trigger: map(17)},
    {content: "plein écran", trigger: ".o_oic_map_fullscreen", run: "click"},
    {
        trigger: ".o_oic_map_full",
        run: ({anchor}) => check(anchor.clientWidth === window.innerWidth, "not full"),
    },
    closeDrawer,
    {content: "Échap en sort", trigger: ".o_oic_map:not(.o_oic_map_full)"},
    {trigger: ".o_oic_map_fullscreen", run: "click"},
    {trigger: ".o_oic_map_full .o_oic_map_fullscreen", run: "click"},
    {content: "un clic en sort aussi", trigger: ".o_oic_map:not(.o_oic_map_full)"},
    {trigger: ".o_oic_map_home", run: "click"},
    {content: "tout le réseau", trigger: `.o_oic_map:not([data-zoom="17"])`},
];

const FILTER = [
    {trigger: total("building", 12)},
    {trigger: ".o_oic_map_filter", run: "click"},
    {
        content: "les immeubles déployés seulement",
        trigger: ".o_oic_map_filters input[name=building_deployed]",
        run: "click",
    },
    {trigger: total("building", 4)},
    {content: "le filtre est visible", trigger: ".o_oic_map_chip:contains(Déployé)"},
    {trigger: ".o_oic_map_filters input[name=pbo_full]", run: "click"},
    {content: "aucun PBO n'est saturé", trigger: total("pbo", 0)},
    {trigger: ".o_oic_map_filters input[name=pm]", run: "click"},
    {content: "sans les PM", trigger: ".o_oic_map:not(:has([data-kind=pm]))"},
    {trigger: ".o_oic_map_chip:contains(Sans : PM)"},
    {
        content: "par PM, en tapant sa référence",
        trigger: ".o_oic_map_filter_pm input",
        run: "edit 99001-0002",
    },
    {trigger: ".o-autocomplete--dropdown-item:contains(OICN-99001-0002)", run: "click"},
    {trigger: total("building", 1)},
    {trigger: ".o_oic_map_chip:contains(OICN-99001-0002) button", run: "click"},
    {content: "retirer un filtre", trigger: total("building", 4)},
    {
        content: "par commune, en tapant son nom",
        trigger: ".o_oic_map_filter_commune input",
        run: "edit Ville Exemple",
    },
    {trigger: ".o-autocomplete--dropdown-item:contains(Ville Exemple)", run: "click"},
    {content: "deux immeubles déployés y sont", trigger: total("building", 2)},
    {trigger: ".o_oic_map_clear", run: "click"},
    {content: "tout est revenu", trigger: total("building", 12)},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_chip)):has([data-kind=pm])"},
    {trigger: ".o_oic_map_filters input[name=building_abandoned]", run: "click"},
    {trigger: ".o_oic_map_filters input[name=building_signed]", run: "click"},
    {trigger: total("building", 0)},
    closeDrawer,
    {trigger: ".o_oic_map:not(:has(.o_oic_map_filters))"},
];

const SEARCH = [
    {trigger: map()},
    {trigger: ".o_oic_map_magnifier", run: "click"},
    {trigger: ".o_oic_map_search input", run: "edit exemple"},
    {
        content: "nos immeubles d'abord",
        trigger: ".o_oic_map_result.active:contains(IMB/99001/M/0000)",
    },
    {
        content: "puis les adresses",
        trigger:
            ".o_oic_map_found_title:contains(Adresses) + .o_oic_map_result:contains(1 Rue Exemple)",
    },
    {trigger: ".o_oic_map_search input", run: "press ArrowDown"},
    {trigger: ".o_oic_map_search input", run: "press ArrowUp"},
    {trigger: ".o_oic_map_search input", run: "press Enter"},
    {content: "la carte y va", trigger: map(18)},
    {trigger: ".o_oic_map_card h2:contains(IMB/99001/M/0000)"},
    {content: "et le montre", trigger: ".o_oic_ring"},
    {trigger: ".o_oic_map_open", run: "click"},
    {
        trigger:
            ".o_form_view .o_field_widget[name=identifier]:contains(IMB/99001/M/0000)",
    },
    {
        trigger: ".o_back_button, .breadcrumb-item:contains(Carte du réseau) a",
        run: "click",
    },
    {content: "retour à la même vue", trigger: map(18)},
    {trigger: ".o_oic_map_card h2:contains(IMB/99001/M/0000)"},
    {trigger: ".o_oic_map_card_close", run: "click"},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_card)):not(:has(.o_oic_ring))"},
    {trigger: ".o_oic_map_magnifier", run: "click"},
    {trigger: ".o_oic_map_search input", run: "edit exemple"},
    {trigger: ".o_oic_map_result:contains(1 Rue Exemple)", run: "click"},
    {content: "une adresse n'a pas de fiche", trigger: ".o_oic_ring"},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_card))"},
    {trigger: ".o_oic_map_magnifier", run: "click"},
    {trigger: ".o_oic_map_search input", run: "edit introuvable"},
    {trigger: ".o_oic_map_nothing:contains(Aucun résultat)"},
    {trigger: ".o_oic_map_search input", run: "press Escape"},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_search))"},
];

const CARD = [
    {trigger: map(20)},
    {trigger: total("building", 1)},
    {
        content: "un point s'ouvre d'un clic",
        trigger: canvas,
        run: ({anchor}) => clickMap(anchor),
    },
    {trigger: ".o_oic_map_card h2:contains(IMB/99001/M/0000)"},
    {content: "son état", trigger: ".o_oic_map_card_state:contains(Déployé)"},
    {content: "son adresse", trigger: ".o_oic_map_card p:contains(RUE EXEMPLE)"},
    {
        content: "ses nombres",
        trigger: ".o_oic_map_card dt:contains(Logements) + dd:contains(3)",
    },
    {trigger: ".o_oic_map_open", run: "click"},
    {trigger: ".o_form_view .o_field_widget[name=identifier]"},
    {
        content: "le bouton précédent du navigateur",
        trigger: ".o_form_view",
        run: () => history.back(),
    },
    {content: "ramène à la même vue", trigger: map(20)},
    {trigger: ".o_oic_map_card h2:contains(IMB/99001/M/0000)"},
    {
        content: "un clic à côté la ferme",
        trigger: canvas,
        run: ({anchor}) => clickMap(anchor, 90, 90),
    },
    {trigger: ".o_oic_map:not(:has(.o_oic_map_card))"},
];

const TOGETHER = [
    {trigger: map(20)},
    {trigger: total("building", 2)},
    {trigger: canvas, run: ({anchor}) => clickMap(anchor)},
    {
        content: "deux objets au même endroit",
        trigger: ".o_oic_map_card h2:contains(2 objets ici)",
    },
    {trigger: ".o_oic_map_choices button:contains(IMB/99001/M/0011)", run: "click"},
    {trigger: ".o_oic_map_card h2:contains(IMB/99001/M/0011)"},
];

add("link", [
    {content: "la vue partagée", trigger: map(15)},
    {trigger: ".o_oic_map_chip:contains(Déployé)"},
    {trigger: ".o_oic_map_chip:contains(Sans : PBO)"},
    {trigger: ".o_oic_map_card h2:contains(OICN-99001-0001)"},
    {trigger: total("building", 4)},
    {trigger: ".o_oic_map_in", run: "click"},
    {trigger: map(16)},
    {trigger: ".o_oic_map_chip:contains(Sans : PBO) button", run: "click"},
    {trigger: ".o_oic_map_legend_row[data-kind=pbo]"},
    {
        content: "recharger la page",
        trigger: `${map(16)}`,
        run: () => location.reload(),
        expectUnloadPage: true,
    },
    {content: "la même vue", trigger: map(16)},
    {trigger: ".o_oic_map_chip:contains(Déployé)"},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_chip:contains(Sans)))"},
    {trigger: ".o_oic_map_card h2:contains(OICN-99001-0001)"},
    {trigger: ".o_oic_map_link", run: "click"},
    {
        content: "le lien dit la vue",
        trigger: ".o_oic_map_link_panel input",
        run: ({anchor}) => {
            const query = new URL(anchor.value).searchParams;
            const [zoom, lat] = query.get("map").split("/").map(Number);
            check(zoom === 16 && Math.abs(lat - 46.01) < 0.0001, anchor.value);
            check(query.get("states") === "deployed", anchor.value);
            check(/^pm-\d+$/.test(query.get("card")), anchor.value);
        },
    },
]);

const BARE = [
    {content: "des degrés", trigger: ".o_oic_graticule_label span:contains(° N)"},
    {trigger: ".o_oic_graticule_label span:contains(° E)"},
    {
        content: "et les communes",
        trigger: ".o_oic_commune span:contains(Ville Exemple)",
    },
    {trigger: total("building", 12)},
    {trigger: ".o_oic_map_layers", run: "click"},
    {
        content: "aucun fond à choisir",
        trigger: ".o_oic_map_layer_choice:contains(Aucun) input[value=none]:checked",
    },
];

const further = (zoom) => [
    {trigger: ".o_oic_map_out", run: "click"},
    {trigger: map(zoom)},
];
const closer = (zoom) => [
    {trigger: ".o_oic_map_in", run: "click"},
    {trigger: map(zoom)},
];
const home = {trigger: ".o_oic_map_home", run: "click"};

journey(
    "oiconnect_map_look",
    LOOK,
    further(14),
    BARE,
    closeDrawer,
    {trigger: ".o_oic_map:not(:has(.o_oic_map_layer_choice))"},
    CLUSTER,
    home,
    MOVE,
    further(15),
    FILTER,
    {trigger: ".o_oic_map_clear", run: "click"},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_chip))"},
    SEARCH
);

journey(
    "oiconnect_map_card",
    CARD,
    [
        {trigger: ".o_oic_map_magnifier", run: "click"},
        {trigger: ".o_oic_map_search input", run: "edit IMB/99001/M/0010"},
        {trigger: ".o_oic_map_result:contains(IMB/99001/M/0010)", run: "click"},
        {trigger: map(18)},
        {trigger: ".o_oic_map_card h2:contains(IMB/99001/M/0010)"},
        {trigger: ".o_oic_map_card_close", run: "click"},
        {trigger: ".o_oic_map:not(:has(.o_oic_map_card))"},
    ],
    closer(19),
    closer(20),
    TOGETHER
);

// All fails, one after the other: the map itself, its objects, its tiles.
const NO_SETTINGS = [
    {trigger: ".o_oic_map_failure:contains(\"La carte n'a pas pu s'ouvrir\")"},
    {trigger: ".o_oic_map_failure button:contains(Réessayer)", run: "click"},
];

const ERROR = [
    {
        trigger:
            '.o_oic_map_error:contains("Les objets de cette vue n\'ont pas pu être chargés")',
    },
    {trigger: ".o_oic_map_error:contains(La base se repose)"},
    {trigger: ".o_oic_map_error button:contains(Réessayer)", run: "click"},
    {trigger: total("building", 12)},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_error))"},
];

const NO_TILES = [
    {trigger: ".o_oic_map_no_tiles:contains(Le fond de carte ne répond pas)"},
    {trigger: ".o_oic_graticule_label span:contains(° N)"},
    {
        content: "à qui est le fond",
        trigger: ".leaflet-control-attribution:contains(© Essai)",
    },
    {trigger: total("building", 12)},
    {trigger: ".o_oic_map_layers", run: "click"},
    {trigger: ".o_oic_map_layer_choice input[value=none]", run: "click"},
    {trigger: ".o_oic_map:not(:has(.leaflet-control-attribution:contains(© Essai)))"},
    {
        trigger: '.o_oic_map_layer_choice label:contains("Fond d\'essai") input',
        run: "click",
    },
    {trigger: ".leaflet-control-attribution:contains(© Essai)"},
];

journey("oiconnect_map_failures", NO_SETTINGS, ERROR, NO_TILES);

const SHARED = [
    {
        content: "sans le droit de lire l'immeuble de la vue partagée, on le dit",
        trigger: `${map(15)} .o_oic_map_card [role=alert]:not(:contains(Traceback))`,
    },
    {
        content: "ses filtres d'immeubles ne cachent rien de ce qui se voit",
        trigger: ".o_oic_map:not(:has(.o_oic_map_chip))",
    },
    {trigger: total("pm", 2)},
    {trigger: ".o_oic_map_card_close", run: "click"},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_card))"},
];

const READ_ONLY = [
    {trigger: ".o_oic_map_magnifier", run: "click"},
    {trigger: ".o_oic_map_search input", run: "edit OICN-99001-0001"},
    {trigger: ".o_oic_map_result:contains(OICN-99001-0001)", run: "click"},
    {trigger: ".o_oic_map_card h2:contains(OICN-99001-0001)"},
    {trigger: ".o_oic_map:not(:has(.o_oic_map_edit_zone))"},
    {content: "les immeubles ne sont pas de ses droits", trigger: "[data-kind=pm]"},
    {trigger: ".o_oic_map:not(:has([data-kind=building])):not(:has([data-kind=pbo]))"},
    {
        content: "aucun nombre de ce qu'il ne peut pas lire",
        trigger: ".o_oic_map_card:not(:contains(immeubles)):not(:contains(PBO))",
    },
];

journey("oiconnect_map_reader", SHARED, READ_ONLY);

add("forbidden", [
    {trigger: '.alert:contains("Vos droits n\'ouvrent pas la carte")'},
    {trigger: "body:not(:has(.o_oic_map))"},
]);
