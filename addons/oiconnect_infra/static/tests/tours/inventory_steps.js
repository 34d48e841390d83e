import {journey} from "@oiconnect_base/../tests/tours/journey";

/**
 * What a user does on any list of the network: open it from the menu, filter it, open
 * a record, change it, go to its neighbours and back, delete it.
 */
const ROW = ".o_list_view .o_data_row";
const DIALOG = ".modal:not(.o_inactive_modal)";
const COUNT = ".o_pager_limit";

export const NETWORK = "menu_infrastructure";

const SCREENS = {};

/** Keep what a user does on one screen, from its menu on. */
export function screen(name, steps) {
    SCREENS[name] = steps;
}

/** A tour of several screens, which may be declared later than this. */
export function visit(name, screens) {
    tour(name, ...screens.map((one) => ({steps: () => SCREENS[one]})));
}

export function tour(name, ...parts) {
    journey(`oiconnect_inventory_${name}`, ...parts);
}

/** Open a screen from the menu. */
export function open(section, menu, title) {
    return [
        {
            content: `open the menu of ${menu}`,
            trigger: `.o_menu_sections [data-menu-xmlid='oiconnect_base.${section}']`,
            run: "click",
        },
        {
            trigger: `.o-dropdown--menu [data-menu-xmlid='oiconnect_infra.${menu}']`,
            run: "click",
        },
        {trigger: `.o_list_view .o_breadcrumb .active:contains(/^${title}$/)`},
        {trigger: ROW},
    ];
}

/** Type in a filter; `name` is alone in the list; then all are there again. */
export function filter(label, text, name, option) {
    const facet = label.replaceAll("\\", "");
    const ofOption = {
        content: `of the values, ${option}`,
        trigger: `.o-dropdown-item.o_indent:contains(/^${option}$/)`,
        run: "click",
    };
    return [
        {
            content: `filter on ${label}: ${text}`,
            trigger: ".o_searchview_input",
            run: `edit ${text}`,
        },
        {
            trigger: `.o_searchview_autocomplete .o-dropdown-item b:contains(/^${label}$/)`,
            run: "click",
        },
        ...(option ? [ofOption] : []),
        {trigger: `.o_searchview_facet:contains(${facet})`},
        {trigger: `${COUNT}:contains(/^1$/)`},
        {trigger: `${ROW}:contains(${name})`},
        ...unfilter(),
    ];
}

/** Choose a ready-made filter of the menu; `name` is alone in the list. */
export function choose(label, name) {
    return [
        {
            content: `choose the filter ${label}`,
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: `.o_filter_menu .o_menu_item:contains(/^${label}$/)`,
            run: "click",
        },
        {trigger: `.o_searchview_facet:contains(${label})`},
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {trigger: `${COUNT}:contains(/^1$/)`},
        {trigger: `${ROW}:contains(${name})`},
        ...unfilter(),
    ];
}

function unfilter() {
    return [
        {trigger: ".o_searchview_facet .o_facet_remove", run: "click"},
        {trigger: `${COUNT}:not(:contains(/^1$/))`},
    ];
}

/** Group the list by an enumerated field; the groups tell their numbers. */
export function group(label, value) {
    return [
        {
            content: `group by ${label}`,
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: `.o_group_by_menu .o_menu_item:contains(/^${label}$/)`,
            run: "click",
        },
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {trigger: `.o_group_header:contains(${value})`},
        {trigger: ".o_searchview_facet .o_facet_remove", run: "click"},
        {trigger: ROW},
    ];
}

/** Open the record of the list whose line says `name`. */
export function record(name, title = name) {
    return [
        {
            content: `open ${name}`,
            trigger: `${ROW}:contains(${name}) .o_data_cell`,
            run: "click",
        },
        {trigger: `.o_form_view .o_breadcrumb:contains(${title})`},
    ];
}

const tab = (name) => ({
    trigger: `.o_notebook .nav-link[name=${name}]`,
    run: "click",
});

/** Write in a field and save. */
export function edit(field, value, page) {
    return [
        ...(page ? [tab(page)] : []),
        {
            content: `write ${value} in ${field}`,
            trigger: `.o_field_widget[name=${field}] :is(input, textarea)`,
            run: `edit ${value}`,
        },
        {trigger: ".o_form_button_save:enabled", run: "click"},
        {
            trigger:
                ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ];
}

/** The history of a record tells its last change. */
export function history(value) {
    return [
        tab("history"),
        {
            content: "the history tells the change",
            trigger: `.o_field_widget[name=change_ids] .o_data_row:contains(${value})`,
        },
    ];
}

/** Go to the neighbours of a smart button, and back; `more`: it is under "Plus". */
export function neighbour(label, name, title, more = false) {
    return [
        ...(more ? [{trigger: ".o_button_more", run: "click"}] : []),
        {
            content: `go to ${label}`,
            trigger: `.oe_stat_button:contains(${label})`,
            run: "click",
        },
        {trigger: `${ROW}:contains(${name})`},
        {trigger: `.o_breadcrumb a:contains(${title})`, run: "click"},
        {trigger: `.o_form_view .o_breadcrumb:contains(${title})`},
    ];
}

/** Back from a record to its list. */
export function back(menu) {
    return [
        {trigger: `.o_breadcrumb a:contains(/^${menu}$/)`, run: "click"},
        {trigger: ROW},
    ];
}

function remove() {
    return [
        {trigger: ".o_form_view .o_cp_action_menus .dropdown-toggle", run: "click"},
        {
            trigger: ".o-dropdown--menu .o_menu_item:contains(/^Supprimer$/)",
            run: "click",
        },
        {
            content: "nothing goes without a confirmation",
            trigger: `${DIALOG} .modal-footer .btn-primary`,
            run: "click",
        },
    ];
}

/** Try to delete what is in use: the answer tells by what. */
export function removeRefused(user) {
    return [
        ...remove(),
        {
            content: "what uses it is named",
            trigger: `${DIALOG} .modal-body:contains(ne peut pas être supprimé):contains(${user})`,
        },
        {trigger: `${DIALOG} .modal-footer .btn-primary`, run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ];
}

/** Delete what nothing uses; the list has it no more. */
export function removeDone(name) {
    return [
        ...remove(),
        {trigger: `.o_list_view:not(:has(.o_data_row:contains(${name})))`},
        {trigger: ROW},
    ];
}

/** No copy and no deletion: the menu of actions prints only. */
export function cannotRemove() {
    const menu = ".o_form_view .o_cp_action_menus .dropdown-toggle";
    const removes = ".o_menu_item:contains(/^(Supprimer|Dupliquer)$/)";
    return [
        {trigger: menu, run: "click"},
        {trigger: `.o-dropdown--menu:contains(Imprimer):not(:has(${removes}))`},
        {trigger: menu, run: "click"},
        {trigger: "body:not(:has(.o-dropdown--menu))"},
    ];
}
