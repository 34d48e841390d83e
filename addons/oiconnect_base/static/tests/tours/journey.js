import {registry} from "@web/core/registry";

/**
 * A tour made of what several tours do, one after the other: the web client, which
 * costs more than most of them, starts once. A part is a tour, or the steps that lead
 * to the next one.
 */
export function journey(name, ...parts) {
    const steps = () => parts.flatMap((part) => part.steps?.() ?? part);
    registry.category("web_tour.tours").add(name, {steps});
}

/** Open a screen from the menus of the bar; `shown` is on it, not on the one before. */
export function openMenu(section, menu, shown) {
    return [
        {trigger: `.o_menu_sections [data-menu-xmlid='${section}']`, run: "click"},
        {trigger: `.o-dropdown--menu [data-menu-xmlid='${menu}']`, run: "click"},
        {trigger: shown},
    ];
}
