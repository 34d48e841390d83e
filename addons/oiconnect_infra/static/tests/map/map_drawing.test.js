import {describe, expect, test} from "@odoo/hoot";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {attributionOf} from "@oiconnect_infra/map/leaflet/attribution";
import {
    clusterIcon,
    clusterTitle,
    ringOf,
} from "@oiconnect_infra/map/leaflet/cluster_icon";
import {mergeClusters, takeHidden} from "@oiconnect_infra/map/leaflet/merge_clusters";
import {linesBetween, stepOf} from "@oiconnect_infra/map/leaflet/graticule";
import {
    cornersOf,
    geometryOf,
    placeInRing,
} from "@oiconnect_infra/map/leaflet/zone_editor";
import {svgShape} from "@oiconnect_infra/map/leaflet/svg";
import {
    fillOf,
    markOf,
    partsOf,
    pathOf,
    SHAPES,
    styleOf,
} from "@oiconnect_infra/map/shapes";

describe.current.tags("headless");

const STATES = [
    ["target", "Target", "#7a7a7a", "circle"],
    ["deployed", "Deployed", "#009e73", "circle"],
];

const KINDS_STATES = {
    building: [
        "target",
        "signed",
        "on_demand",
        "on_demand_deploying",
        "deploying",
        "deployed",
        "abandoned",
    ],
    pm: ["planned", "deploying", "deployed", "abandoned"],
    pbo: ["free", "low", "full", "none"],
};

test("no two states of a kind differ by their colour only", () => {
    for (const [kind, states] of Object.entries(KINDS_STATES)) {
        const fills = new Set(states.map(fillOf));
        expect(fills.size).toBe(states.length, {message: kind});
    }
    const dashes = KINDS_STATES.pm.map((state) => styleOf([], state).dash);
    expect(new Set(dashes).size).toBe(4);
});

test("each way to fill a shape is drawn: as a whole, in part, or by a mark on it", () => {
    const drawn = (fill) => {
        const style = {shape: "circle", colour: "#0072b2", fill};
        return svgShape(style).innerHTML;
    };
    const fills = KINDS_STATES.building.map(fillOf);
    expect(new Set(fills.map(drawn)).size).toBe(fills.length);
    expect(partsOf("quarters")).toHaveLength(2);
    expect(partsOf("hollow")).toEqual([]);
    expect(markOf("crossed")).toMatch(/^M/);
});

test("a state or a shape that is not known is still drawn", () => {
    expect(styleOf(STATES, "new").label).toBe("new");
    expect(styleOf(undefined, "new").colour).toMatch(/^#/);
    expect(pathOf("unheard")).toBe(SHAPES.circle);
});

test("a state is filled as the settings tell, else as its name tells", () => {
    const states = [["open", "Opened", "#d55e00", "star", "half"], ...STATES];
    expect(styleOf(states, "open").fill).toBe("half");
    expect(styleOf(states, "target").fill).toBe("hollow");
});

test("the ring of a cluster is shared between its states", () => {
    expect(ringOf({target: 1, deployed: 3, abandoned: 0}, STATES)).toEqual([
        ["#7a7a7a", 25, 0],
        ["#009e73", 75, 25],
    ]);
});

/** Degrees as pixels: a degree is 100 of them. */
const project = ([lat, lon]) => ({x: lon * 100, y: -lat * 100});

test("clusters that would cover each other are one group, and nothing is lost", () => {
    const clusters = [
        [45, 5, 10, "pbo", {}],
        [45, 5.1, 100, "building", {deployed: 60, target: 40}],
        [45.1, 5.1, 7, "building", {deployed: 7}],
        [47, 5, 3, "building", {target: 3}],
    ];
    const groups = mergeClusters(clusters, project);
    expect(groups).toHaveLength(2);
    expect(groups[0].kinds).toEqual({
        building: {count: 107, counts: {deployed: 67, target: 40}},
        pbo: {count: 10, counts: {}},
    });
    expect(groups[1].kinds.building.count).toBe(3);
});

test("a point under a group is counted in it, another is drawn", () => {
    const groups = mergeClusters([[45, 5, 10, "building", {}]], project);
    const points = [
        [1, 45.1, 5.1, "deployed", "PM 1"],
        [2, 46, 5, "planned", "PM 2"],
    ];
    expect(takeHidden(groups, "pm", points, project)).toEqual([points[1]]);
    expect(groups[0].kinds.pm).toEqual({count: 1, counts: {deployed: 1}});
});

test("a group shows its counts, and tells its states", async () => {
    await makeMockEnv();
    const clusters = [
        [45, 5, 1234, "building", {target: 234, deployed: 1000}],
        [45, 5, 12, "pbo", {}],
    ];
    const [group] = mergeClusters(clusters, project);
    const states = {building: STATES, pbo: [["free", "Free", "#009e73", "triangle"]]};
    const texts = clusterIcon(group, states).options.html.querySelectorAll("text");
    expect([...texts].map((text) => text.textContent)).toEqual(["12", "1.2k"]);
    expect(clusterTitle(group, states)).toBe(
        "PBO 12, Buildings 1,234 (Target 234, Deployed 1000)"
    );
});

test("lines of the graticule are round numbers, some hundred pixels apart", () => {
    expect(stepOf(0.001)).toBe(0.2);
    expect(stepOf(1)).toBe(30);
    expect(linesBetween(45.05, 45.35, 0.1)).toEqual([45.1, 45.2, 45.3]);
    expect(linesBetween(-0.15, 0.15, 0.1)).toEqual([-0.1, 0, 0.1]);
});

test("an attribution keeps its text and links, and nothing that runs", () => {
    const html =
        '© <a href="https://ign.fr" onclick="alert(1)">IGN</a><img src=x onerror=alert(1)> &lt;b&gt;' +
        '<a href="javascript:alert(1)">bad</a>';
    expect(attributionOf(html)).toBe(
        '© <a href="https://ign.fr" target="_blank" rel="noopener">IGN</a> &lt;b&gt;bad'
    );
    expect(attributionOf(undefined)).toBe("");
});

test("a new corner goes into the nearest edge", () => {
    const square = [
        [0, 0],
        [0, 10],
        [10, 10],
        [10, 0],
    ];
    expect(placeInRing(square, [0, 5])).toBe(1);
    expect(placeInRing(square, [5, -1])).toBe(4);
    expect(placeInRing(square.slice(0, 2), [5, 5])).toBe(2);
});

test("corners and GeoJSON say the same; several rings are not drawn", () => {
    const corners = [
        [45, 5],
        [45, 6],
        [46, 6],
    ];
    const geometry = geometryOf(corners);
    expect(geometry.coordinates[0]).toHaveLength(4);
    expect(cornersOf(geometry)).toEqual(corners);
    const {coordinates} = geometry;
    expect(cornersOf({type: "MultiPolygon", coordinates: [coordinates]})).toEqual(
        corners
    );
    const twice = {type: "MultiPolygon", coordinates: [coordinates, coordinates]};
    expect(cornersOf(twice)).toBe(null);
    expect(cornersOf(null)).toEqual([]);
});
