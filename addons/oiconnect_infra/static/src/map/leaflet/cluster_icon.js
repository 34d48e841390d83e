import {formatFloat, humanNumber} from "@web/core/utils/numbers";
import {KINDS} from "../map_kinds";
import {pathOf, styleOf} from "../shapes";
import {svgElement} from "./svg";

const ROW = 12;
/** Pixels of a group, by the number of its kinds. */
const SIZES = [0, 40, 46, 56, 66];
/** Thickness of the ring. */
const RING = 4;

/** The parts of a ring, one for each state: [colour, length, start], in hundredths. */
export function ringOf(counts, states) {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    let start = 0;
    return Object.entries(counts)
        .filter(([, count]) => count)
        .map(([state, count]) => {
            const length = (100 * count) / total;
            const part = [styleOf(states, state).colour, length, start];
            start += length;
            return part;
        });
}

function kindTitle(kind, {count, counts}, states) {
    const parts = Object.entries(counts)
        .filter(([, number]) => number)
        .map(([state, number]) => `${styleOf(states, state).label} ${number}`);
    const title = `${KINDS[kind].label} ${formatFloat(count, {digits: [false, 0]})}`;
    return parts.length ? `${title} (${parts.join(", ")})` : title;
}

function partsOf({kinds}) {
    return Object.keys(KINDS)
        .filter((kind) => kind in kinds)
        .map((kind) => [kind, kinds[kind]]);
}

/** What a group says to those who hover or hear it: “PBO 12, Immeubles 3 (Cible 3)”. */
export function clusterTitle(group, states) {
    return partsOf(group)
        .map(([kind, part]) => kindTitle(kind, part, states[kind]))
        .join(", ");
}

function countLabel(count) {
    return count < 1000 ? String(count) : humanNumber(count, {decimals: 1});
}

function ringParts(group, states) {
    const counted = partsOf(group).filter(([, {counts}]) => Object.keys(counts).length);
    const [kind, part] = counted.at(-1) || [];
    return kind ? ringOf(part.counts, states[kind]) : [];
}

function row(kind, count, y, states) {
    const text = countLabel(count);
    const shape = pathOf(states[kind]?.[0]?.[3]);
    const left = -3.2 * text.length - 2;
    return svgElement(
        "g",
        {transform: `translate(0 ${y})`},
        svgElement("path", {
            d: shape,
            class: "o_oic_cluster_kind",
            transform: `translate(${left} 0) scale(4)`,
        }),
        svgElement("text", {x: 5, y: 4, "text-anchor": "middle"}, text)
    );
}

/** The icon of a group: how many of each kind, in a ring of the states. */
export function clusterIcon(group, states) {
    const parts = partsOf(group);
    const size = SIZES[parts.length] || SIZES.at(-1);
    const radius = size / 2 - RING / 2 - 1;
    const paper = svgElement("circle", {r: size / 2 - 1, class: "o_oic_cluster_paper"});
    const ring = ringParts(group, states).map(([stroke, length, start]) =>
        svgElement("circle", {
            r: radius,
            fill: "none",
            stroke,
            "stroke-width": RING,
            pathLength: 100,
            "stroke-dasharray": `${length} 100`,
            "stroke-dashoffset": -start,
            transform: "rotate(-90)",
        })
    );
    const rows = parts.map(([kind, {count}], index) =>
        row(kind, count, (index - (parts.length - 1) / 2) * ROW, states)
    );
    const viewBox = [-size / 2, -size / 2, size, size].join(" ");
    const html = svgElement(
        "svg",
        {viewBox, "aria-hidden": "true"},
        paper,
        ...ring,
        ...rows
    );
    return L.divIcon({className: "o_oic_cluster", html, iconSize: [size, size]});
}
