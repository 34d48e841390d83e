import {describe, expect, test} from "@odoo/hoot";
import {kindOf, POINT_KINDS} from "@oiconnect_infra/map/map_kinds";
import {MapModel} from "@oiconnect_infra/map/map_model";
import {readState, writeState} from "@oiconnect_infra/map/map_state";

describe.current.tags("headless");

const PM = [["deployed", "Deployed", "#009e73", "square"]];
const TICKET = [["open", "Opened", "#d55e00", "star", "solid"]];

test("tickets are only on the map of users who may read them", () => {
    const settings = {building_zoom: 16, zones: false, states: {pm: PM}};
    expect(new MapModel(settings).allKinds).toEqual(["pm"]);
    const states = {pm: PM, ticket: TICKET};
    expect(new MapModel({...settings, states}).allKinds).toEqual(["pm", "ticket"]);
});

test("tickets and incidents are drawn above the network", () => {
    expect(POINT_KINDS.slice(-2)).toEqual(["ticket", "incident"]);
});

test("a link to the map keeps the card of a ticket", () => {
    expect(kindOf("oiconnect.ticket")).toBe("ticket");
    const card = {model: "oiconnect.ticket", id: 7};
    const filters = readState({}).filters;
    const query = writeState({kinds: [], allKinds: [], filters, card});
    expect(query.card).toBe("ticket-7");
    expect(readState(query).card).toEqual(card);
});
