import {describe, expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {Component, reactive, useState, xml} from "@odoo/owl";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {ActiveFilters} from "@oiconnect_infra/map/active_filters";
import {Card} from "@oiconnect_infra/map/card";
import {FiltersPanel} from "@oiconnect_infra/map/filters_panel";
import {LayersPanel} from "@oiconnect_infra/map/layers_panel";
import {Legend} from "@oiconnect_infra/map/legend";
import {MapModel} from "@oiconnect_infra/map/map_model";
import {MapServer} from "@oiconnect_infra/map/map_server";

describe.current.tags("desktop");
defineMailModels();

const SETTINGS = {
    building_zoom: 16,
    zones: true,
    states: {
        pm: [
            ["planned", "Planned", "#7a7a7a", "square"],
            ["deployed", "Deployed", "#009e73", "square"],
        ],
        pbo: [
            ["free", "Free", "#009e73", "triangle"],
            ["full", "Full", "#d55e00", "triangle"],
        ],
        building: [
            ["target", "Target", "#7a7a7a", "circle"],
            ["deployed", "Deployed", "#009e73", "circle"],
        ],
        link: [["planned", "Planned", "#7a7a7a", "line"]],
    },
};
const PM = {
    kind: "pm",
    id: 7,
    label: "PM 7",
    state: "deployed",
    place: {lat: 46, lon: 5},
};

/** A map whose server gives `answers[route]`, or fails with it. */
function makeModel(answers = {}) {
    const call = async (url) => {
        const answer = answers[url.split("/").at(-1)] ?? {};
        if (answer instanceof Error) {
            throw answer;
        }
        return answer;
    };
    return reactive(new MapModel(SETTINGS, new MapServer(call)));
}

/** The card where it stands: as long as something is looked at. */
class Place extends Component {
    static template = xml`
        <Card t-if="model.card or model.choices" model="model" t-props="props.card"/>`;
    static components = {Card};
    static props = {model: Object, card: Object};
    setup() {
        this.model = useState(this.props.model);
    }
}

function mountCard(model, props = {}) {
    const openRecord = ({id}) => expect.step(`open ${id}`);
    return mountWithCleanup(Place, {props: {model, card: {openRecord, ...props}}});
}

test("the legend tells each kind that is shown, its states, its number, and zones", async () => {
    const props = {
        states: SETTINGS.states,
        kinds: ["pm", "building", "link", "zone"],
        totals: {pm: 3, building: 12345, zone: 2},
    };
    await mountWithCleanup(Legend, {props});
    expect(".o_oic_map_legend_row").toHaveCount(4);
    expect("[data-kind=building] .o_oic_map_total").toHaveText("12,345");
    expect("[data-kind=building] dd").toHaveCount(2);
    expect("[data-kind=link] .o_oic_map_total").toHaveCount(0);
    expect("[data-kind=link] line").toHaveAttribute("stroke-dasharray", "2 6");
    expect("[data-kind=zone] .o_oic_map_total").toHaveText("2");
    expect("[data-kind=zone] rect").toHaveCount(1);
});

test("filters say what is chosen, and choosing twice takes it back", async () => {
    const model = makeModel();
    await mountWithCleanup(FiltersPanel, {props: {model, close: () => {}}});
    expect("input[name=building_deployed]").not.toBeChecked();
    await click("input[name=building_deployed]");
    await click("input[name=pbo_full]");
    await animationFrame();
    expect(model.filters.building_states).toEqual(["deployed"]);
    expect(model.filters.saturation).toEqual(["full"]);
    await click("input[name=building_deployed]");
    await click("input[name=pm]");
    await animationFrame();
    expect(model.filters.building_states).toEqual([]);
    expect(model.kinds).toEqual(["pbo", "building", "link", "zone"]);
    await click("footer button");
    await animationFrame();
    expect(model.activeFilters).toBe(false);
    expect("footer button").not.toBeEnabled();
});

test("filters of what the user may not read are not offered", async () => {
    const model = makeModel();
    model.settings = {...SETTINGS, states: {pm: SETTINGS.states.pm}};
    model.allKinds = ["pm", "zone"];
    await mountWithCleanup(FiltersPanel, {props: {model, close: () => {}}});
    expect("input[name=pm]").toHaveCount(1);
    expect("input[name=building]").toHaveCount(0);
    expect("input[name=building_deployed]").toHaveCount(0);
    expect("input[name=pbo_full]").toHaveCount(0);
});

test("each filter that is on has its chip, which takes it off", async () => {
    const model = makeModel();
    model.setFilter("building_states", ["deployed", "target"]);
    model.setKinds(["pm", "building", "link", "zone"]);
    const {filters, kinds} = model;
    await mountWithCleanup(ActiveFilters, {props: {model, filters, kinds}});
    expect(queryAllTexts(".o_oic_map_chip")).toEqual([
        "Deployed",
        "Target",
        "Without: PBO",
    ]);
    await click(".o_oic_map_chip:first-child button");
    expect(model.filters.building_states).toEqual(["target"]);
    await click(".o_oic_map_chip:eq(2) button");
    expect(model.kinds).toEqual(model.allKinds);
    await click(".o_oic_map_clear");
    expect(model.activeFilters).toBe(false);
});

test("a card tells what is known, and leads to the record and to the zone of a PM", async () => {
    const data = {
        title: "PM 7",
        state: "deployed",
        state_label: "Deployed",
        address: "1 RUE EXEMPLE",
        lines: [["Dwellings", "12"]],
    };
    const model = makeModel({card: data});
    await model.choose(PM);
    await mountCard(model, {editZone: () => expect.step("zone")});
    expect("h2").toHaveText("PM 7");
    expect(".o_oic_map_card_state").toHaveText("Deployed");
    expect("dl").toHaveText(/Dwellings\s*12/);
    await click(".o_oic_map_open");
    await click(".o_oic_map_edit_zone");
    expect.verifySteps(["open 7", "zone"]);
    await click(".o_oic_map_card_close");
    await animationFrame();
    expect(".o_oic_map_card").toHaveCount(0);
});

test("who may not draw is not offered to", async () => {
    const data = {title: "X", state: "target", state_label: "Target", lines: []};
    const model = makeModel({card: data});
    await model.choose(PM);
    await mountCard(model, {editZone: false});
    expect(".o_oic_map_edit_zone").toHaveCount(0);
    expect(".o_oic_map_open").toHaveCount(1);
});

test("a card that cannot be read says why, and tries again", async () => {
    const gone = {name: "odoo.exceptions.UserError", message: "No more"};
    const answers = {card: Object.assign(new Error(), {data: gone})};
    const model = makeModel(answers);
    await model.choose(PM);
    await mountCard(model);
    expect("[role=alert]").toHaveText("No more");
    answers.card = {title: "PM 7", state: "planned", state_label: "Planned", lines: []};
    await click("button:contains(Try again)");
    await animationFrame();
    await animationFrame();
    expect("h2").toHaveText("PM 7");
    expect(model.place).toEqual(PM.place);
});

test("objects at one place are all offered, by their own names", async () => {
    const model = makeModel({card: {title: "IMB 5", lines: []}});
    model.pick([PM, {...PM, kind: "building", id: 5, label: "IMB 5", state: "target"}]);
    await mountCard(model);
    expect(queryAllTexts(".o_oic_map_choices button")).toEqual(["PM 7", "IMB 5"]);
    await click(".o_oic_map_choices button:contains(IMB 5)");
    await animationFrame();
    await animationFrame();
    expect("h2").toHaveText("IMB 5");
});

test("many backgrounds are all there to choose, and none of them too", async () => {
    const tiles = Array.from({length: 30}, (_, rank) => ({name: `Layer ${rank}`}));
    await mountWithCleanup(LayersPanel, {
        props: {tiles, chosen: "Layer 3", choose: (name) => expect.step(name)},
    });
    expect("input[type=radio]").toHaveCount(31);
    expect("label:contains(Layer 3):first input").toBeChecked();
    await click("input[value=none]");
    await click("label:contains(Layer 29) input");
    expect.verifySteps(["none", "Layer 29"]);
});
