import {describe, expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {reactive} from "@odoo/owl";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import {ActiveFilters} from "@oiconnect_infra/map/active_filters";
import {FiltersPanel} from "@oiconnect_infra/map/filters_panel";
import {MapModel} from "@oiconnect_infra/map/map_model";
import {MapServer} from "@oiconnect_infra/map/map_server";
import {readState, writeState} from "@oiconnect_infra/map/map_state";

class Operator extends models.Model {
    _name = "oiconnect.operator";

    name = fields.Char();

    _records = [{id: 4, name: "OCAA"}];
}

describe.current.tags("desktop");
defineMailModels();
defineModels([Operator]);

const PM = [["deployed", "Deployed", "#009e73", "square"]];
const PRESENCE = [
    ["cofi", "Co-financing", "#0072b2", "square", "solid"],
    ["loca", "Rental", "#e69f00", "square", "half"],
    ["absent", "No service", "#7a7a7a", "square", "hollow"],
];

function makeModel(states = {pm: PM, presence: PRESENCE}) {
    const settings = {building_zoom: 16, zones: false, states};
    return reactive(new MapModel(settings, new MapServer(async () => ({}))));
}

test("PMs are drawn by what the chosen operator has there, else by their state", () => {
    const model = makeModel();
    expect(model.allKinds).toEqual(["pm"]);
    expect(model.states.pm).toEqual(PM);
    model.setFilter("operator_ids", [4]);
    expect(model.states.pm).toEqual(PRESENCE);
    expect(model.settings.states.pm).toEqual(PM);
    model.clearFilters();
    expect(model.states.pm).toEqual(PM);
});

test("what an operator has is filtered as long as it is chosen", () => {
    const model = makeModel();
    model.setFilter("presence", ["loca"]);
    expect(model.filters.presence).toEqual([]);
    model.setFilter("operator_ids", [4]);
    model.setFilter("presence", ["loca"]);
    expect(model.filters.presence).toEqual(["loca"]);
    model.setFilter("operator_ids", []);
    expect(model.filters.presence).toEqual([]);
});

test("a link with an operator says nothing to users who may not read services", () => {
    const model = makeModel({pm: PM});
    const query = {operator: 4, presence: "loca,absent"};
    const {filters} = readState(query);
    expect(filters.operator_ids).toEqual([4]);
    expect(filters.presence).toEqual(["loca", "absent"]);
    const written = writeState({kinds: [], allKinds: [], filters});
    expect(written.operator).toBe("4");
    expect(written.presence).toBe("loca,absent");
    model.restore({filters});
    expect(model.filters.operator_ids).toEqual([]);
    expect(model.filters.presence).toEqual([]);
    expect(model.states.pm).toEqual(PM);
});

test("the panel offers what the operator has once it is chosen", async () => {
    const model = makeModel();
    await mountWithCleanup(FiltersPanel, {props: {model, close: () => {}}});
    expect(".o_oic_map_filter_presence").toHaveCount(1);
    expect(".o_oic_map_filter_presence label").toHaveCount(0);
    model.setFilter("operator_ids", [4]);
    await animationFrame();
    await animationFrame();
    expect(queryAllTexts(".o_oic_map_filter_presence label")).toEqual([
        "Co-financing",
        "Rental",
        "No service",
    ]);
    await click("input[name=presence_loca]");
    await animationFrame();
    expect(model.filters.presence).toEqual(["loca"]);
});

test("the panel offers nothing of it to users who may not read services", async () => {
    const model = makeModel({pm: PM});
    await mountWithCleanup(FiltersPanel, {props: {model, close: () => {}}});
    expect(".o_oic_map_filter_presence").toHaveCount(0);
});

test("the operator and what it has are chips", async () => {
    const model = makeModel();
    model.setFilter("operator_ids", [4]);
    model.setFilter("presence", ["loca"]);
    const {filters, kinds} = model;
    await mountWithCleanup(ActiveFilters, {props: {model, filters, kinds}});
    expect(queryAllTexts(".o_oic_map_chip")).toEqual(["OCAA", "Rental"]);
    await click(".o_oic_map_chip:first-child button");
    expect(model.activeFilters).toBe(false);
});
