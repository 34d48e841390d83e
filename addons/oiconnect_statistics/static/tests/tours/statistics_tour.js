import {registry} from "@web/core/registry";

const card = (title) => `.o_oic_card[aria-label="${title}"]`;

/** Open an entry of the menu Gestion / Statistiques. */
const page = (name) => [
    {
        trigger: ".o_menu_sections button:contains(Gestion)",
        run: "click",
    },
    {
        trigger: `.o-dropdown--menu .dropdown-item:contains("${name}")`,
        run: "click",
    },
];

/** Le responsable lit les cinq pages, et suit un chiffre jusqu'à sa liste. */
registry.category("web_tour.tours").add("oiconnect_statistics", {
    steps: () => [
        {trigger: `${card("Commandes par type")} canvas`},
        {
            content: "Un filtre sur les opérateurs",
            trigger: ".o_oic_operators input",
            run: "edit OCT2",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Opérateur OCT2)",
            run: "click",
        },
        {
            content: "Seul l'opérateur choisi reste",
            trigger: `${card("Commandes d'accès par opérateur")} tbody:not(:has(tr:nth-child(2)))`,
        },
        {
            trigger: `${card("Commandes d'accès par état")} tr:contains("Rejetée (CR)") button`,
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row"},
        {
            content: "Le retour garde le filtre",
            trigger: ".o_back_button a",
            run: "click",
        },
        {trigger: ".o_oic_operators .o_tag:contains(OCT2)"},
        {
            trigger: `${card("Commandes d'accès par opérateur")} tbody:not(:has(tr:nth-child(2)))`,
        },
        {trigger: ".o_oic_clear", run: "click"},
        {
            trigger: `${card("Commandes d'accès par opérateur")} tbody tr:nth-child(2)`,
        },
        ...page("Tickets (SAV)"),
        {trigger: `${card("Tickets reçus par mois")} canvas`},
        {
            content: "Des jours sans ticket : rien à compter",
            trigger: "input.o_oic_to",
            run: "edit 01/01/2001 && press Enter",
        },
        {trigger: `${card("Tickets par état")} .o_oic_nothing`},
        {trigger: ".o_oic_clear", run: "click"},
        {
            content: "Une période se choisit d'un clic, et se voit",
            trigger: '.o_oic_periods button:contains("Cette année")',
            run: "click",
        },
        {
            trigger:
                '.o_oic_periods button[aria-pressed="true"]:contains("Cette année")',
        },
        {trigger: ".o_oic_clear", run: "click"},
        {trigger: ".o_oic_periods:not(:has(.active))"},
        {trigger: `${card("Tickets par état")} canvas`},
        ...page("Infrastructure"),
        {trigger: `${card("Équipements")} tr:contains(PBO) button`},
        {trigger: `${card("Immeubles par état")} canvas`},
        ...page("Égalité de traitement"),
        {trigger: `${card("Accusés de réception (AR) en retard")} .o_oic_mark`},
        ...page("Qualité de service"),
        {trigger: `${card("Échecs de raccordement")} canvas`},
        {trigger: ".o_oic_dimension", run: "select mode"},
        {trigger: `${card("Échecs de raccordement")} tr:contains(STOC)`},
        {trigger: `${card("Réparations en retard")} .o_oic_nothing`},
    ],
});
