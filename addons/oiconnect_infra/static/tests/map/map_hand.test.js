import {describe, expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {Component, xml} from "@odoo/owl";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {useFullScreen} from "@oiconnect_infra/map/full_screen";
import {addCtrlWheel} from "@oiconnect_infra/map/leaflet/wheel";
import {noFilters} from "@oiconnect_infra/map/map_filters";
import {openingState} from "@oiconnect_infra/map/map_memory";

describe.current.tags("desktop");
defineMailModels();

/** An element that turns of the wheel are sent to, at a time of the test's choice. */
function makeWheel() {
    const element = document.createElement("div");
    const map = {
        getContainer: () => element,
        getZoom: () => 10,
        mouseEventToContainerPoint: ({clientX, clientY}) => [clientX, clientY],
        setZoomAround: (point, zoom) => expect.step(`zoom ${zoom} at ${point}`),
    };
    const stop = addCtrlWheel(map, () => expect.step("hint"));
    const turn = (init, timeStamp) => {
        const event = new WheelEvent("wheel", {
            cancelable: true,
            clientX: 3,
            clientY: 4,
            ...init,
        });
        Object.defineProperty(event, "timeStamp", {value: timeStamp});
        element.dispatchEvent(event);
        return event.defaultPrevented;
    };
    return {turn, stop};
}

test("a plain wheel scrolls the page, and the way to zoom is shown", () => {
    const {turn} = makeWheel();
    expect(turn({deltaY: 100}, 1000)).toBe(false);
    expect(turn({deltaY: -100, shiftKey: true}, 1300)).toBe(false);
    expect.verifySteps(["hint", "hint"]);
});

test("Ctrl or ⌘ and the wheel zoom around what is pointed at, not the page", () => {
    const {turn} = makeWheel();
    expect(turn({deltaY: -100, ctrlKey: true}, 1000)).toBe(true);
    expect(turn({deltaY: 100, metaKey: true}, 2000)).toBe(true);
    expect.verifySteps(["zoom 11 at 3,4", "zoom 9 at 3,4"]);
});

test("the many small turns of a trackpad are one zoom, and the page never zooms", () => {
    const {turn} = makeWheel();
    for (const time of [1000, 1020, 1040, 1060]) {
        expect(turn({deltaY: -4, ctrlKey: true}, time)).toBe(true);
    }
    expect(turn({deltaX: 4, ctrlKey: true}, 2000)).toBe(true);
    expect.verifySteps(["zoom 11 at 3,4"]);
});

test("a map that is gone hears no wheel", () => {
    const {turn, stop} = makeWheel();
    stop();
    expect(turn({deltaY: -100, ctrlKey: true}, 1000)).toBe(false);
    expect.verifySteps([]);
});

class Screen extends Component {
    static template = xml`<button t-on-click="full.toggle" t-out="full.state.on ? 'full' : 'part'"/>`;
    static props = {};
    setup() {
        this.full = useFullScreen();
    }
}

test("full screen by the button and back, also where the browser refuses", async () => {
    document.documentElement.requestFullscreen = () => Promise.reject(new Error());
    const screen = await mountWithCleanup(Screen);
    screen.full.toggle();
    await animationFrame();
    expect("button").toHaveText("full");
    screen.full.toggle();
    await animationFrame();
    expect("button").toHaveText("part");
    delete document.documentElement.requestFullscreen;
});

test("the browser's own way out of full screen is followed", async () => {
    document.documentElement.requestFullscreen = () => Promise.resolve();
    const screen = await mountWithCleanup(Screen);
    screen.full.toggle();
    document.dispatchEvent(new Event("fullscreenchange"));
    await animationFrame();
    expect("button").toHaveText("part");
    delete document.documentElement.requestFullscreen;
});

const FOCUS = {model: "oiconnect.pm", id: 3, lat: 46, lon: 5};
const LEFT = {map: "12/45.50000/5.50000", states: "target", layer: "Photos"};

test("a map opens as it was left: by the breadcrumb, else on this browser", () => {
    browser.localStorage.setItem("oiconnect_infra.map", JSON.stringify(LEFT));
    const view = {zoom: 12, lat: 45.5, lon: 5.5};
    expect(openingState({action: {}}).view).toEqual(view);
    const state = {map: {map: "9/44.00000/4.00000"}};
    expect(openingState({state, action: {}}).view).toEqual({zoom: 9, lat: 44, lon: 4});
});

test("what a form sends is shown, without the filters that could hide it", () => {
    browser.localStorage.setItem("oiconnect_infra.map", JSON.stringify(LEFT));
    const opening = openingState({action: {params: {focus: FOCUS}}});
    expect(opening.focus).toEqual(FOCUS);
    expect(opening.view).toBe(null);
    expect(opening.filters).toEqual(noFilters());
    expect(opening.layer).toBe("Photos");
});

test("a memory that cannot be read is none", () => {
    for (const text of ["{", "null", '"x"']) {
        browser.localStorage.setItem("oiconnect_infra.map", text);
        expect(openingState({action: {}}).view).toBe(null);
    }
});
