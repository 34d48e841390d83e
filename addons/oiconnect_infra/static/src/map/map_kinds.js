import {_t} from "@web/core/l10n/translation";

/**
 * Kinds of objects of the map, from what covers to what is covered. Those that are few are
 * drawn as elements, the others on a canvas; one that needs a filter is there while that
 * filter is on.
 */
export const KINDS = {
    prdm: {model: "oiconnect.prdm", label: _t("PRDM"), few: true, radius: 9},
    pm: {model: "oiconnect.pm", label: _t("PM"), few: true, radius: 8},
    splice_box: {model: "oiconnect.splice.box", label: _t("Splice boxes"), radius: 5},
    pbo: {model: "oiconnect.pbo", label: _t("PBO"), radius: 6},
    building: {model: "oiconnect.building", label: _t("Buildings"), radius: 6},
    cable: {model: "oiconnect.pbo.cable", label: _t("Cables")},
    link: {model: "oiconnect.pm.link", label: _t("PM / PRDM links")},
    zone: {label: _t("Zones of PMs")},
};

/** Kinds that are drawn as lines. */
export const LINE_KINDS = ["cable", "link"];

/** Points, the last drawn on top. */
export const POINT_KINDS = ["building", "splice_box", "pbo", "pm", "prdm"];

/** The kind of the objects of a model; undefined if they are not on the map. */
export function kindOf(model) {
    return model && Object.keys(KINDS).find((kind) => KINDS[kind].model === model);
}
