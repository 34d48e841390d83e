import {FILTERS, noFilters} from "./map_filters";
import {kindOf, KINDS} from "./map_kinds";

/**
 * The view of the map as the keys of a URL, so that it survives a reload and can be
 * shared: ?map=15/45.97123/5.34012&states=deployed&pm=12&card=pm-12
 */
export function urlKeys() {
    const filters = Object.values(FILTERS).map(({key}) => key);
    return ["map", "kinds", "layer", "card", ...filters];
}

function split(text) {
    return String(text ?? "")
        .split(",")
        .filter(Boolean);
}

const VIEW = /^(\d+)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/;

function readView(text) {
    const [, zoom, lat, lon] = (VIEW.exec(text) || []).map(Number);
    const valid = zoom <= 22 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    return valid ? {zoom, lat, lon} : null;
}

function readFilters(query) {
    const filters = noFilters();
    for (const [name, {key, model}] of Object.entries(FILTERS)) {
        const values = split(query[key]);
        filters[name] = model
            ? values.map(Number).filter((id) => Number.isInteger(id) && id > 0)
            : values;
    }
    return filters;
}

function readCard(text) {
    const [kind, id] = String(text ?? "").split("-");
    return KINDS[kind]?.model && Number(id) > 0
        ? {model: KINDS[kind].model, id: Number(id)}
        : null;
}

/** Whether the keys of a URL say anything of the map. */
export function saysView(query) {
    return urlKeys().some((key) => query[key] !== undefined);
}

/** The state given by the keys of a URL; what is missing or wrong in them is null. */
export function readState(query) {
    const kinds = split(query.kinds).filter((kind) => kind in KINDS || kind === "none");
    return {
        view: readView(query.map),
        kinds: kinds.length ? kinds : null,
        filters: readFilters(query),
        layer: query.layer === undefined ? null : String(query.layer),
        card: readCard(query.card),
    };
}

/** The keys of the URL of a state; `undefined` takes a key away. */
export function writeState({view, kinds, allKinds, filters, layer, card}) {
    const query = Object.fromEntries(urlKeys().map((key) => [key, undefined]));
    if (view) {
        query.map = [view.zoom, view.lat.toFixed(5), view.lon.toFixed(5)].join("/");
    }
    if (kinds.length < allKinds.length) {
        query.kinds = kinds.join() || "none";
    }
    for (const [name, {key}] of Object.entries(FILTERS)) {
        query[key] = filters[name].length ? filters[name].join() : undefined;
    }
    query.layer = layer ?? undefined;
    query.card = card ? `${kindOf(card.model)}-${card.id}` : undefined;
    return query;
}
