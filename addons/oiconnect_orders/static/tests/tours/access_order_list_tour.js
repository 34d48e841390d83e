import {registry} from "@web/core/registry";

const ROW = ".o_data_row:contains(OCT1/LISTE)";

/** What the header of the list must have, and must not. */
function columns(shown, hidden) {
    const is = (name) => `:has(th[data-name=${name}])`;
    return `thead${shown.map(is).join("")}${hidden.map((n) => `:not(${is(n)})`).join("")}`;
}

function choose(label) {
    return [
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {
            trigger: `.o_filter_menu .o_menu_item:contains(/^${label}$/)`,
            run: "click",
        },
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
    ];
}

// What is in progress tells until when and for whom; what is over, since when.
registry.category("web_tour.tours").add("oiconnect_access_list", {
    steps: () => [
        {
            trigger: columns(
                ["due_date", "due_state", "todo_kind", "city"],
                ["in_service_date"]
            ),
        },
        {
            content: "what is late has a colour",
            trigger: `${ROW} td[name=due_date].text-danger`,
        },
        {trigger: `${ROW} td[name=todo_kind]:contains(Raccordement à reprendre)`},
        {
            content: "no reference is cut, whatever stands beside it",
            trigger: `${ROW} td[name=oc_reference]`,
            run() {
                const cut = this.anchor.scrollWidth > this.anchor.clientWidth;
                const page = document.querySelector(".o_list_renderer");
                if (cut || page.scrollWidth > page.clientWidth) {
                    throw new Error(cut ? "the reference is cut" : "the list scrolls");
                }
            },
        },
        ...choose("En cours"),
        ...choose("Archivé"),
        {
            trigger: columns(
                ["in_service_date", "city"],
                ["due_date", "due_state", "todo_kind"]
            ),
        },
        ...choose("Archivé"),
        ...choose("Tout voir"),
        {trigger: columns(["in_service_date", "due_date", "due_state"], [])},
    ],
});
