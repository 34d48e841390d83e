import {journey, openMenu} from "@oiconnect_base/../tests/tours/journey";
import {add, canvas, clickMap, closeDrawer, escape, map} from "./map_steps";

const edit = {trigger: ".o_oic_map_card .o_oic_map_edit_zone", run: "click"};
const noDialog = "body:not(:has(.modal))";

/** Choose a file made of features, as if it came from the disk, and import it. */
function importFile(name, features) {
    const text = JSON.stringify({type: "FeatureCollection", features});
    const field = ".modal .o_field_widget[name=file]";
    return [
        {
            trigger: `${field} input[type=file]:not(:visible)`,
            run({anchor}) {
                const data = new DataTransfer();
                data.items.add(new File([text], name));
                anchor.files = data.files;
                anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {trigger: `${field} input:value(${name})`},
        {trigger: ".modal button[name=action_import]", run: "click"},
    ];
}

function feature(reference, ...corners) {
    const coordinates = [[...corners, corners[0]]];
    return {
        type: "Feature",
        properties: {ReferencePM: reference},
        geometry: {type: "Polygon", coordinates},
    };
}

const PLACE = [
    [5.19, 46],
    [5.22, 46],
    [5.22, 46.02],
];

add("zone", [
    {
        trigger: ".o_oic_map_card .o_oic_map_edit_zone:contains(Dessiner sa zone)",
        run: "click",
    },
    {trigger: ".o_oic_map_corners:contains(Sommets : 0)"},
    {trigger: ".o_oic_map_save_zone:disabled"},
    {trigger: canvas, run: ({anchor}) => clickMap(anchor, -120, -120)},
    {trigger: canvas, run: ({anchor}) => clickMap(anchor, 120, -120)},
    {trigger: canvas, run: ({anchor}) => clickMap(anchor, 120, 120)},
    {trigger: canvas, run: ({anchor}) => clickMap(anchor, -120, 120)},
    {trigger: ".o_oic_map_corners:contains(Sommets : 4)"},
    {
        content: "un sommet se retire au clavier",
        trigger: ".o_oic_zone_corner:last",
        run: ({anchor}) =>
            anchor.dispatchEvent(
                new KeyboardEvent("keydown", {key: "Delete", bubbles: true})
            ),
    },
    {trigger: ".o_oic_map_corners:contains(Sommets : 3)"},
    {trigger: ".o_oic_map_save_zone:enabled", run: "click"},
    {trigger: ".o_notification:contains(Zone enregistrée)"},
    {trigger: ".o_oic_map_card .o_oic_map_edit_zone"},
]);

const LOST = [
    edit,
    {trigger: ".o_oic_map_corners:contains(Sommets : 4)"},
    {
        content: "un clic sur un objet est un sommet comme un autre",
        trigger: `${map()} ${canvas}`,
        run: ({anchor}) => clickMap(anchor),
    },
    {trigger: ".o_oic_map_corners:contains(Sommets : 5)"},
    {content: "Échap ne perd pas le tracé sans le dire", trigger: canvas, run: escape},
    {trigger: ".modal .modal-footer .btn-secondary", run: "click"},
    {content: "on dessine encore", trigger: `${noDialog} .o_oic_map_zone`},
    {trigger: ".o_oic_map_corners:contains(Sommets : 5)"},
    {trigger: ".o_oic_map_filter", run: "click"},
    {
        content: "Échap ferme d'abord les filtres",
        trigger: ".o_oic_map_filters",
        run: escape,
    },
    {trigger: `${noDialog} .o_oic_map:not(:has(.o_oic_map_filters))`},
    {trigger: ".o_oic_map_leave_zone", run: "click"},
    {trigger: ".modal .modal-footer .btn-primary", run: "click"},
    {trigger: ".o_oic_map_card .o_oic_map_edit_zone", run: "click"},
    {
        content: "ce qui est enregistré n'a pas changé",
        trigger: ".o_oic_map_corners:contains(Sommets : 4)",
    },
    {
        content: "sans changement, Échap quitte sans question",
        trigger: canvas,
        run: escape,
    },
    {trigger: `${noDialog} .o_oic_map:not(:has(.o_oic_map_zone))`},
];

const HULL = [
    edit,
    {trigger: ".o_oic_map_hull:contains(Autour de ses immeubles)", run: "click"},
    {
        content: "un contour donné n'est pas remplacé sans le dire",
        trigger: ".modal .modal-footer .btn-primary",
        run: "click",
    },
    {trigger: ".o_notification:contains(Zone enregistrée)"},
    edit,
    {
        content: "elle suit les immeubles : rien à perdre",
        trigger: ".o_oic_map_hull",
        run: "click",
    },
    {trigger: `${noDialog} .o_oic_map:not(:has(.o_oic_map_zone))`},
];

const PARTS = [
    edit,
    {
        content: "on dit comment la changer",
        trigger: ".o_oic_map_zone [role=alert]:contains(importez-la en GeoJSON)",
    },
    {trigger: ".o_oic_map_zone:not(:has(.o_oic_map_save_zone))"},
    closeDrawer,
    {trigger: ".o_oic_map:not(:has(.o_oic_map_zone))"},
];

const TO_OTHER_PM = [
    {trigger: ".o_oic_map_magnifier", run: "click"},
    {trigger: ".o_oic_map_search input", run: "edit OICN-99001-0002"},
    {trigger: ".o_oic_map_result:contains(OICN-99001-0002)", run: "click"},
    {trigger: ".o_oic_map_card h2:contains(OICN-99001-0002)"},
];

// The first is left as it was, then replaced; the second is in parts.
journey("oiconnect_map_zone_given", LOST, HULL, TO_OTHER_PM, PARTS);

const FORM = [
    {trigger: ".o_data_row:contains(OICN-99001-0001):contains(Dessinée)"},
    {
        content: "les immeubles hors de leur zone",
        trigger: ".o_data_row td[name=outside_count]:contains(2)",
    },
    {trigger: ".o_data_row td[name=pm_id]", run: "click"},
    {
        content: "ce qui ne va pas, et que faire",
        trigger: ".o_form_view .alert:contains(2):contains(hors de sa zone)",
    },
    {trigger: "button[name=action_view_outside]:contains(2)", run: "click"},
    {trigger: ".o_list_view .o_data_row:contains(IMB/99001/M/0010)"},
    {trigger: ".o_list_view:not(:has(.o_data_row:contains(IMB/99001/M/0001)))"},
    {trigger: ".o_back_button, .breadcrumb-item:last a", run: "click"},
    {trigger: ".o_form_view button[name=action_show_on_map]", run: "click"},
    {
        content: "la zone et son PM",
        trigger: `${map()} .o_oic_map_card h2:contains(OICN-99001-0001)`,
    },
    {trigger: ".o_oic_map_legend_row[data-kind=zone] .o_oic_map_total:text(1)"},
];

const IMPORT = [
    {trigger: ".o_control_panel button:contains(Importer des zones)", run: "click"},
    ...importFile("essai.geojson", [
        feature("OICN-99001-0009", ...PLACE),
        feature("OICN-99001-0001", [5, 46], [6, 47], [5, 47], [6, 46]),
    ]),
    {
        content: "tout ce qui ne va pas, et rien n'est fait",
        trigger: ".modal .alert:contains(Rien n’a été importé)",
    },
    {
        trigger:
            ".modal .alert:contains(le PM OICN-99001-0009 n’est pas dans le domaine)",
    },
    {trigger: ".modal .alert:contains(PM OICN-99001-0001 : son contour se croise)"},
    ...importFile("corrige.geojson", [feature("OICN-99001-0001", ...PLACE)]),
    {trigger: ".o_notification:contains(importées)"},
    {trigger: noDialog},
];

const TO_ZONES = openMenu(
    "oiconnect_base.menu_infrastructure",
    "oiconnect_infra.menu_zone",
    ".o_list_view .o_control_panel button:contains(Importer des zones)"
);

/** The list of zones leads to the map, and takes a file. */
export const ZONES = [...TO_ZONES, ...FORM, ...TO_ZONES, ...IMPORT];
