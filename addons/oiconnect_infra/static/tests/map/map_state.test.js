import {describe, expect, test} from "@odoo/hoot";
import {noFilters} from "@oiconnect_infra/map/map_filters";
import {readState, saysView, writeState} from "@oiconnect_infra/map/map_state";

describe.current.tags("headless");

const ALL = ["prdm", "pm", "pbo", "building", "link", "zone"];

function written(values) {
    return writeState({
        view: {zoom: 15, lat: 45.9712345, lon: 5.3401},
        kinds: ALL,
        allKinds: ALL,
        filters: noFilters(),
        layer: null,
        card: null,
        ...values,
    });
}

test("a view is written with five decimals, and nothing else when nothing is chosen", () => {
    const query = written({});
    expect(query.map).toBe("15/45.97123/5.34010");
    expect(Object.values(query).filter((value) => value !== undefined)).toHaveLength(1);
});

test("what is written is read again", () => {
    const filters = {
        ...noFilters(),
        building_states: ["deployed", "target"],
        pm_ids: [12, 7],
        saturation: ["full"],
    };
    const card = {model: "oiconnect.pm", id: 12};
    const query = written({kinds: ["pm", "building"], filters, layer: "Photos", card});
    expect(query.card).toBe("pm-12");
    expect(readState(query)).toEqual({
        view: {zoom: 15, lat: 45.97123, lon: 5.3401},
        kinds: ["pm", "building"],
        filters,
        layer: "Photos",
        card,
    });
});

test("the router makes numbers of lists of one id: they are read too", () => {
    expect(readState({pm: 12, commune: "3,x,-1"}).filters).toEqual({
        ...noFilters(),
        pm_ids: [12],
        commune_ids: [3],
    });
});

test("no kind at all is not the same as every kind", () => {
    const query = written({kinds: []});
    expect(query.kinds).toBe("none");
    expect(readState(query).kinds).toEqual(["none"]);
    expect(readState({}).kinds).toBe(null);
});

test("a link that was cut or changed by hand says nothing rather than something wrong", () => {
    for (const map of ["15/45.9", "x/1/2", "15/95/5", "15/45/", "99/45/5", 12]) {
        expect(readState({map}).view).toBe(null, {message: String(map)});
    }
    for (const card of ["pm", "pm-x", "zone-3", "secret-3", "pm--1"]) {
        expect(readState({card}).card).toBe(null, {message: card});
    }
});

test("other keys of a URL are not the map's", () => {
    expect(saysView({debug: "1", view_type: "list"})).toBe(false);
    expect(saysView({states: "deployed"})).toBe(true);
});
