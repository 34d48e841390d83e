import {browser} from "@web/core/browser/browser";
import {router} from "@web/core/browser/router";
import {pick} from "@web/core/utils/objects";
import {readState, saysView, urlKeys} from "./map_state";

/** As in views/map_action.xml. */
const PATH = "network-map";
const STORED = "oiconnect_infra.map";
let isFirst = true;

function stored() {
    try {
        return JSON.parse(browser.localStorage.getItem(STORED)) || {};
    } catch {
        return {};
    }
}

/**
 * What the map opens with: the view left by the breadcrumb; the one of the URL (reload,
 * link, back button); the object that a form shows; else the last view on this browser.
 */
export function openingState({state, action}) {
    const wasFirst = isFirst;
    isFirst = false;
    if (state?.map) {
        return readState(state.map);
    }
    const focus = action.params?.focus;
    const url = pick(router.current, ...urlKeys());
    if (saysView(url) && (wasFirst || !focus)) {
        return readState(url);
    }
    const last = readState(stored());
    if (!focus) {
        return last;
    }
    const opening = readState({});
    const filters = {...opening.filters, ...focus.filters};
    return {...opening, filters, layer: last.layer, focus};
}

/** Write the view into the URL, without a step of history for each move. */
export function remember(query) {
    router.replaceState(query);
    browser.localStorage.setItem(STORED, JSON.stringify(query));
}

/** The address of the view, to be shared: without the screens before it. */
export function linkOf(query) {
    return browser.location.origin + router.stateToUrl({action: PATH, ...query});
}
