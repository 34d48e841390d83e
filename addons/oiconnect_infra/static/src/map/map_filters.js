/**
 * Filters of the map, by their names on the server; addons add theirs before it opens.
 *
 * - key: its name in the URL
 * - model: its values are ids of records
 * - states: its values are states of that list of the settings, or it is offered to who
 *   has the list only
 * - needs: it is on only while that other filter is
 * - colours: a kind that is drawn by the states of the filter while it is on
 */
export const FILTERS = {
    building_states: {key: "states", states: "building"},
    saturation: {key: "saturation", states: "pbo"},
    pm_ids: {key: "pm", model: "oiconnect.pm"},
    commune_ids: {key: "commune", model: "oiconnect.commune"},
    network_ids: {key: "network", model: "oiconnect.network"},
};

export function noFilters() {
    return Object.fromEntries(Object.keys(FILTERS).map((name) => [name, []]));
}

/** What of the filters is on, for who has these lists of states. */
export function readableFilters(filters, states) {
    const isRead = ([name]) => {
        const {states: list, needs} = FILTERS[name] || {};
        return (!list || list in states) && (!needs || filters[needs]?.length);
    };
    return {
        ...noFilters(),
        ...Object.fromEntries(Object.entries(filters).filter(isRead)),
    };
}

/** The states by which each kind is drawn while these filters are on. */
export function drawnStates(filters, states) {
    const drawn = {...states};
    for (const [name, {colours, states: list}] of Object.entries(FILTERS)) {
        if (colours && filters[name]?.length) {
            drawn[colours] = states[list];
        }
    }
    return drawn;
}
