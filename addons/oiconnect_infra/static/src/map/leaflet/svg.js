import {markOf, partsOf, pathOf} from "../shapes";

const SVG = "http://www.w3.org/2000/svg";

export function svgElement(name, attributes, ...children) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
        if (value !== undefined) {
            node.setAttribute(key, value);
        }
    }
    node.append(...children);
    return node;
}

/** The shape of a style, as the canvas draws it, in an element of its own. */
export function svgShape({shape, colour, fill}) {
    const d = pathOf(shape);
    const line = {fill: "none", "stroke-linejoin": "round"};
    const solid = fill === "solid" ? colour : "#ffffff";
    const svg = svgElement("svg", {
        viewBox: "-1.6 -1.6 3.2 3.2",
        "aria-hidden": "true",
    });
    svg.append(
        svgElement("path", {d, ...line, stroke: "#ffffff", "stroke-width": 0.6}),
        svgElement("path", {d, fill: solid})
    );
    for (const [x, y, width, height] of partsOf(fill)) {
        const viewBox = [x, y, width, height].join(" ");
        const part = svgElement("path", {d, fill: colour});
        svg.append(svgElement("svg", {x, y, width, height, viewBox}, part));
    }
    const stroke = {stroke: colour, "stroke-width": 0.3};
    svg.append(svgElement("path", {d, ...line, ...stroke}));
    if (markOf(fill)) {
        svg.append(svgElement("path", {d: markOf(fill), fill: colour, ...stroke}));
    }
    return svg;
}
