import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {MapModel, messageOf} from "@oiconnect_infra/map/map_model";
import {MapServer} from "@oiconnect_infra/map/map_server";

describe.current.tags("headless");

const SETTINGS = {
    building_zoom: 16,
    zones: true,
    states: {
        pm: [["deployed", "Deployed", "#009e73", "square"]],
        building: [["deployed", "Deployed", "#009e73", "circle"]],
    },
};
const VIEW = {zoom: 17, lat: 45.95, lon: 5.35};
const BOX = [45.9, 5.3, 46, 5.4];

/** A map whose server answers `answers[route]`, or fails with it. */
function makeModel(answers = {}) {
    const call = async (url, params) => {
        const route = url.split("/").at(-1);
        expect.step(
            `${route} ${JSON.stringify(params.filters?.building_states ?? "")}`
        );
        const answer = answers[route] ?? {bounds: [45, 5, 47, 6], points: {}};
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    };
    return new MapModel(SETTINGS, new MapServer(call));
}

/** What the server says to the user. */
function said(message, name = "odoo.exceptions.UserError") {
    return {message, name};
}

test("what went wrong is said in words for users, never as the server's own error", async () => {
    await makeMockEnv();
    expect(messageOf({data: said("Trop loin")})).toBe("Trop loin");
    const access = said("Interdit", "odoo.exceptions.AccessError");
    expect(messageOf({data: access})).toBe("Interdit");
    const broken = said("relation x does not exist", "psycopg2.errors.UndefinedTable");
    expect(String(messageOf({data: broken}))).toMatch(/^The server met an error/);
    const ended = said("Session expired", "odoo.http.SessionExpiredException");
    expect(String(messageOf({data: ended}))).toMatch(/^Your session has ended/);
    expect(String(messageOf(new Error("lost")))).toMatch(/^The server does not answer/);
});

test("kinds that the user may not read are not offered, zones neither", () => {
    expect(makeModel().allKinds).toEqual(["pm", "building", "zone"]);
    const settings = {...SETTINGS, zones: false};
    expect(new MapModel(settings).allKinds).toEqual(["pm", "building"]);
});

test("moving asks once, when the map is still", async () => {
    const model = makeModel();
    model.look(VIEW, BOX);
    await advanceTime(100);
    model.look(VIEW, [45.91, 5.31, 46.01, 5.41]);
    await advanceTime(100);
    expect.verifySteps([]);
    await advanceTime(100);
    expect.verifySteps(["view []"]);
    expect(model.status).toBe("ready");
});

test("a view inside what was answered is not requested again, another zoom is", async () => {
    const model = makeModel();
    model.look(VIEW, BOX);
    await advanceTime(200);
    model.look(VIEW, [45.95, 5.35, 46.05, 5.45]);
    await advanceTime(200);
    expect.verifySteps(["view []"]);
    model.look({...VIEW, zoom: 18}, BOX);
    await advanceTime(200);
    model.look({...VIEW, zoom: 18}, [44, 5.3, 46, 5.4]);
    await advanceTime(200);
    expect.verifySteps(["view []", "view []"]);
});

test("a filter asks at once, and clearing them brings back everything", async () => {
    const model = makeModel();
    model.look(VIEW, BOX);
    model.setFilter("building_states", ["deployed"]);
    await animationFrame();
    expect(model.activeFilters).toBe(true);
    model.setKinds(["building"]);
    model.clearFilters();
    await animationFrame();
    expect(model.activeFilters).toBe(false);
    expect(model.kinds).toEqual(["pm", "building", "zone"]);
    expect.verifySteps(['view ["deployed"]', 'view ["deployed"]', "view []"]);
});

test("an error keeps what is shown, is reported, and goes away by trying again", async () => {
    const answers = {};
    const model = makeModel(answers);
    model.look(VIEW, BOX);
    await model.load();
    const {answer} = model;
    answers.view = Object.assign(new Error(), {data: said("Trop loin")});
    model.setFilter("building_states", ["deployed"]);
    await animationFrame();
    expect(model.status).toBe("error");
    expect(model.error).toBe("Trop loin");
    expect(model.answer).toBe(answer);
    delete answers.view;
    await model.load();
    expect(model.status).toBe("ready");
    expect.verifySteps(["view []", 'view ["deployed"]', 'view ["deployed"]']);
});

test("an empty view and a view too wide for buildings are distinguished", async () => {
    const answers = {view: {bounds: [45, 5, 47, 6], clusters: [], points: {pm: []}}};
    const model = makeModel(answers);
    model.look({...VIEW, zoom: 12}, BOX);
    await model.load();
    expect(model.isEmpty).toBe(true);
    expect(model.hidesBuildings).toBe(true);
    model.look(VIEW, BOX);
    answers.view = {
        ...answers.view,
        points: {pm: [[1, 45.9, 5.3, "deployed", "PM 1"]]},
    };
    await model.load();
    expect(model.isEmpty).toBe(false);
    expect(model.hidesBuildings).toBe(false);
    model.setKinds(["pm"]);
    model.look({...VIEW, zoom: 12}, BOX);
    expect(model.hidesBuildings).toBe(false);
    model.destroy();
    expect.verifySteps(["view []", "view []", "view []"]);
});

test("one object opens its card, several let the user choose", async () => {
    const model = makeModel({card: {title: "PM 1"}});
    const one = {kind: "pm", id: 1, place: {lat: 45.9, lon: 5.3}};
    model.pick([one]);
    expect(model.card.status).toBe("loading");
    await animationFrame();
    expect(model.card.data.title).toBe("PM 1");
    expect(model.shownPlace).toEqual(one.place);
    model.pick([one, {...one, kind: "building", id: 5}]);
    expect(model.card).toBe(null);
    expect(model.choices).toHaveLength(2);
    model.choose(model.choices[1]);
    expect(model.choices).toBe(null);
    expect(model.card.model).toBe("oiconnect.building");
    model.close();
    await animationFrame();
    expect(model.card).toBe(null);
    expect.verifySteps(['card ""', 'card ""']);
});

test("a view shared by who may read more filters nothing that one cannot see", () => {
    const model = makeModel();
    const filters = {saturation: ["full"], building_states: ["deployed"], pm_ids: [3]};
    model.restore({kinds: ["pm", "pbo"], filters, layer: null, card: null});
    expect(model.filters.saturation).toEqual([]);
    expect(model.filters.building_states).toEqual(["deployed"]);
    expect(model.filters.pm_ids).toEqual([3]);
    expect(model.kinds).toEqual(["pm"]);
});

test("the object of a card is found in the view", async () => {
    const points = {pm: [[7, 45.9, 5.3, "deployed", "PM 7"]]};
    const model = makeModel({view: {bounds: [45, 5, 47, 6], points}, card: {}});
    model.look(VIEW, BOX);
    model.restore({
        kinds: null,
        filters: {},
        layer: null,
        card: {model: "oiconnect.pm", id: 7},
    });
    expect(model.shownPlace).toBe(null);
    await model.load();
    expect(model.shownPlace).toEqual({lat: 45.9, lon: 5.3});
    expect.verifySteps(['card ""', "view []"]);
});
