import {registry} from "@web/core/registry";

/** The map, still, with what it says of itself. */
export const map = (zoom) =>
    `.o_oic_map[data-status=ready]${zoom ? `[data-zoom="${zoom}"]` : ""}`;
export const total = (kind, count) =>
    `.o_oic_map_legend_row[data-kind=${kind}] .o_oic_map_total:text(${count})`;
export const canvas = ".o_oic_map_canvas";

export function add(name, steps) {
    registry
        .category("web_tour.tours")
        .add(`oiconnect_map_${name}`, {steps: () => steps});
}

/** A turn of the wheel over the middle of the map; whether the page keeps it. */
export function wheel(anchor, init) {
    const {x, y, width, height} = anchor.getBoundingClientRect();
    const event = new WheelEvent("wheel", {
        bubbles: true,
        cancelable: true,
        clientX: x + width / 2,
        clientY: y + height / 2,
        deltaY: -100,
        ...init,
    });
    anchor.dispatchEvent(event);
    return !event.defaultPrevented;
}

/** A click on the map, `dx` and `dy` pixels from its middle. */
export function clickMap(anchor, dx = 0, dy = 0) {
    const {x, y, width, height} = anchor.getBoundingClientRect();
    const place = {clientX: x + width / 2 + dx, clientY: y + height / 2 + dy};
    const target = anchor.querySelector("canvas") || anchor;
    for (const type of ["mousedown", "mouseup", "click"]) {
        target.dispatchEvent(
            new MouseEvent(type, {bubbles: true, button: 0, ...place})
        );
    }
}

export function escape() {
    const init = {key: "Escape", bubbles: true, cancelable: true};
    window.dispatchEvent(new KeyboardEvent("keydown", init));
}

export function check(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

export const closeDrawer = {
    content: "Échap ferme ce qui est ouvert",
    trigger: canvas,
    run: escape,
};
