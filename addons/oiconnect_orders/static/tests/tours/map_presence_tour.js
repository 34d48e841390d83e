import {registry} from "@web/core/registry";

const PM = ".o_oic_map_legend_row[data-kind=pm]";
const FILTER = ".o_oic_map_filter_presence";
const total = (count) => `${PM} .o_oic_map_total:text(${count})`;
const point = (words) => `.o_oic_point[aria-label*="${words}"]`;

// A user in charge of PM orders asks the map where an operator is present.
registry.category("web_tour.tours").add("oiconnect_map_presence", {
    steps: () => [
        {content: "deux PM, par leur état", trigger: total(2)},
        {trigger: `${PM}:contains(Déployé)`},
        {trigger: ".o_oic_map_filter", run: "click"},
        {
            content: "on choisit l'opérateur par son code",
            trigger: `${FILTER} input.o_input`,
            run: "edit OCT1",
        },
        {trigger: ".o-autocomplete--dropdown-item:contains(OCT1)", run: "click"},
        {
            content: "la légende dit ce qu'il a",
            trigger: `${PM}:contains(Location):contains(Aucune prestation)`,
        },
        {trigger: `${PM}:not(:contains(Déployé))`},
        {content: "il loue un PM", trigger: point("Location")},
        {content: "il n'est pas à l'autre", trigger: point("Aucune prestation")},
        {trigger: ".o_oic_map_chip:contains(OCT1)"},
        {
            content: "seulement les PM où il n'est pas",
            trigger: `${FILTER} input[name=presence_absent]`,
            run: "click",
        },
        {trigger: total(1)},
        {trigger: `.o_oic_map:not(:has(${point("Location")}))`},
        {
            content: "sans l'opérateur, tout est comme avant",
            trigger: ".o_oic_map_chip:contains(OCT1) button",
            run: "click",
        },
        {trigger: total(2)},
        {trigger: `${PM}:contains(Déployé)`},
        {trigger: ".o_oic_map:not(:has(.o_oic_map_chip:contains(Aucune prestation)))"},
    ],
});
