import {describe, expect, test} from "@odoo/hoot";
import {heatColour, heatOf, REACH} from "@oiconnect_infra/map/leaflet/heat_layer";

describe.current.tags("headless");

const CLASSES = [
    [0, "#c7e9b4"],
    [35, "#1d91c0"],
];

test("heat is the share of what is near, by its weight", () => {
    const size = 5 * REACH;
    const places = [
        [REACH, REACH, 100, 50],
        [REACH, REACH, 300, 30],
        [4 * REACH, 4 * REACH, 10, 10],
    ];
    const [near, share] = heatOf(places, size, size);
    const at = (values, x, y) => values[y * size + x];
    expect(at(share, REACH, REACH)).toBeCloseTo(0.2, {digits: 5});
    expect(at(share, REACH + 3, REACH)).toBeCloseTo(0.2, {digits: 5});
    expect(at(near, REACH, REACH)).toBe(1);
    expect(at(near, REACH + 3, REACH)).toBeLessThan(1);
    expect(at(share, 4 * REACH, 4 * REACH)).toBe(1);
    expect(at(near, 4 * REACH, REACH)).toBe(0);
});

test("places out of sight are felt at the edge, and no further", () => {
    const [near] = heatOf([[-2, 1, 1, 1]], 4, 3);
    expect([...near.slice(4, 8)].every((value) => value > 0)).toBe(true);
    const [none] = heatOf([[-2 * REACH, 1, 1, 1]], 4, 3);
    expect(Math.max(...none)).toBe(0);
});

test("a share has the colour of its class", () => {
    expect(heatColour(0, CLASSES)).toEqual([0xc7, 0xe9, 0xb4]);
    expect(heatColour(0.35, CLASSES)).toEqual([0x1d, 0x91, 0xc0]);
    expect(heatColour(2, CLASSES)).toEqual([0x1d, 0x91, 0xc0]);
});
