import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {edit, press, click} from "@odoo/hoot-dom";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {MapServer} from "@oiconnect_infra/map/map_server";
import {SearchBox} from "@oiconnect_infra/map/search_box";

describe.current.tags("desktop");
defineMailModels();

const BUILDING = {label: "IMB/1", model: "oiconnect.building", id: 1, lat: 46, lon: 5};
const ADDRESS = {label: "1 Rue Exemple", lat: 46.1, lon: 5.1};
const INPUT = ".o_oic_map_search input";

/** The magnifier over a server whose answers come when the test gives them. */
async function makeSearch({allowed = true} = {}) {
    const requests = {};
    const call = (url) => {
        const route = url.split("/").at(-1);
        requests[route] = Promise.withResolvers();
        expect.step(route);
        return requests[route].promise;
    };
    const states = {building: [["target", "Target", "#7a7a7a", "circle"]]};
    await mountWithCleanup(SearchBox, {
        props: {
            model: {
                settings: {address_search: allowed, states},
                server: new MapServer(call),
            },
            goTo: ({label}) => expect.step(`go to ${label}`),
            close: () => expect.step("close"),
        },
    });
    return async (route, found, message = null) => {
        requests[route].resolve({found, message});
        await animationFrame();
    };
}

async function type(text) {
    await click(INPUT);
    await edit(text);
    await advanceTime(300);
}

test("our objects are shown while the addresses of others are awaited", async () => {
    const answer = await makeSearch();
    await type("rue exemple");
    expect.verifySteps(["search", "addresses"]);
    await answer("search", [BUILDING]);
    expect(".o_oic_map_result").toHaveCount(1);
    expect("[role=status]").toHaveCount(1);
    await answer("addresses", [ADDRESS]);
    expect(".o_oic_map_result").toHaveCount(2);
    expect("[role=status]").toHaveCount(0);
    expect(".o_oic_map_found_title").toHaveCount(1);
});

test("addresses of others are not requested unless the administrator allows it", async () => {
    const answer = await makeSearch({allowed: false});
    await type("rue exemple");
    await answer("search", []);
    expect(".o_oic_map_nothing").toHaveCount(1);
    expect.verifySteps(["search"]);
});

test("a service that fails is reported beside what is ours", async () => {
    const answer = await makeSearch();
    await type("rue exemple");
    await answer("addresses", [], "Le service ne répond pas");
    await answer("search", []);
    expect("[role=alert]").toHaveText("Le service ne répond pas");
    expect(".o_oic_map_nothing").toHaveCount(0);
    expect.verifySteps(["search", "addresses"]);
});

test("Enter before the answer goes to the first object that is found", async () => {
    const answer = await makeSearch();
    await click(INPUT);
    await edit("imb/1");
    await press("Enter");
    await animationFrame();
    await answer("addresses", [ADDRESS]);
    expect.verifySteps(["search", "addresses"]);
    await answer("search", [BUILDING]);
    expect.verifySteps(["go to IMB/1"]);
});

test("Enter before the answer goes to an address when nothing is ours", async () => {
    const answer = await makeSearch();
    await click(INPUT);
    await edit("1 rue exemple");
    await press("Enter");
    await animationFrame();
    await answer("search", []);
    await answer("addresses", [ADDRESS]);
    expect.verifySteps(["search", "addresses", "go to 1 Rue Exemple"]);
});

test("two letters ask nothing, and take away what was found", async () => {
    const answer = await makeSearch({allowed: false});
    await type("imb/1");
    await answer("search", [BUILDING]);
    await type("im");
    expect(".o_oic_map_found").toHaveCount(0);
    await press("Enter");
    expect.verifySteps(["search"]);
});
