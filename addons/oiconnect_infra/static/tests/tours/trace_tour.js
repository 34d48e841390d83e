import {registry} from "@web/core/registry";

const open = (text) => ({
    content: `Ouvrir ${text}`,
    trigger: `.o_data_row .o_data_cell:contains(${text})`,
    run: "click",
});

/** Un chargé d'études suit la route d'une prise, répare l'épissure et imprime. */
registry.category("web_tour.tours").add("oiconnect_trace", {
    steps: () => [
        open("ZZ-0000-0091"),
        {trigger: "button[name=action_trace]:contains(Route optique)", run: "click"},
        {trigger: ".o_trace_drawing svg:contains(Vous êtes ici)"},
        {trigger: '.o_trace_flaws:contains("n\'est pas épissurée")'},
        {
            content: "L'épissure manquante est dite, avec de quoi la réparer",
            trigger: ".o_trace_mend:contains(Réparer)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=preview]:contains(CB-B / ROUGE / 1)",
        },
        {trigger: ".modal .o_field_widget[name=box] input", run: "edit CH-99001-0012"},
        {trigger: ".modal button[name=action_splice]", run: "click"},
        {
            content: "L'épissure est faite",
            trigger:
                "body:not(:has(.modal)) .o_list_view .o_data_cell:contains(CH-99001-0012)",
        },
        {
            content: "Retour au dessin",
            trigger: ".o_back_button a",
            run: "click",
        },
        {trigger: ".o_trace_drawing svg:contains(CH-99001)"},
        {trigger: ".o_oiconnect_trace:not(:has(.o_trace_flaws))"},
        {trigger: ".o_trace_modes button:contains(Tableau)", run: "click"},
        {
            content: "Chaque chemin a son titre, ses éléments en dessous",
            trigger: ".o_trace_table .o_trace_path:contains(/^1\\. OICN-99001-0001/)",
        },
        {trigger: ".o_trace_table td:contains(CB-B)"},
        {
            content: "Le tableau dit aussi où l'on est",
            trigger: ".o_trace_table tr:contains(ZZ-0000-0091) .badge:contains(ici)",
        },
        {trigger: ".o_trace_modes button:contains(Dessin)", run: "click"},
        {
            content: "Un clic sur le câble ouvre la fibre",
            trigger: ".o_trace_drawing g[data-model='oiconnect.pbo.fibre']",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=cable_id] input:value(CB-A)",
        },
    ],
});
