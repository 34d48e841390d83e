import {describe, expect, test} from "@odoo/hoot";
import {kindOf, POINT_KINDS} from "@oiconnect_infra/map/map_kinds";
import {MapModel} from "@oiconnect_infra/map/map_model";
import {readState, writeState} from "@oiconnect_infra/map/map_state";

describe.current.tags("headless");

const PM = [["deployed", "Deployed", "#009e73", "square"]];
const ERROR = [["1", "Blocks", "#d55e00", "pentagon", "solid"]];

function model(states, filters = {}) {
    const made = new MapModel({building_zoom: 16, zones: false, states});
    made.restore({filters: {...readState({}).filters, ...filters}});
    return made;
}

test("errors are on the map while a delivery is chosen, above all else", () => {
    const states = {pm: PM, delivery_error: ERROR};
    expect(model(states).shownKinds).toEqual(["pm"]);
    const chosen = model(states, {import_ids: [7]});
    expect(chosen.shownKinds).toEqual(["pm", "delivery_error"]);
    const ranks = ["building", "pm", "delivery_error"].map((kind) =>
        POINT_KINDS.indexOf(kind)
    );
    expect(ranks.at(-1)).toBe(Math.max(...ranks));
});

test("who may not read imports has neither the errors nor the filter", () => {
    const chosen = model({pm: PM}, {import_ids: [7]});
    expect(chosen.shownKinds).toEqual(["pm"]);
    expect(chosen.filters.import_ids).toEqual([]);
});

test("a link to the map keeps the delivery and the error", () => {
    expect(kindOf("oiconnect.import.error")).toBe("delivery_error");
    const filters = {...readState({}).filters, import_ids: [7]};
    const card = {model: "oiconnect.import.error", id: 3};
    const query = writeState({kinds: [], allKinds: [], filters, card});
    expect(readState(query).filters.import_ids).toEqual([7]);
    expect(readState(query).card).toEqual(card);
});
