import {pathOf} from "../shapes";

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
    if (fill === "half") {
        const lower = {
            x: -1.6,
            y: 0,
            width: 3.2,
            height: 1.6,
            viewBox: "-1.6 0 3.2 1.6",
        };
        svg.append(svgElement("svg", lower, svgElement("path", {d, fill: colour})));
    }
    svg.append(svgElement("path", {d, ...line, stroke: colour, "stroke-width": 0.3}));
    if (fill === "crossed") {
        const cross = "M-.7 -.7L.7 .7M.7 -.7L-.7 .7";
        svg.append(svgElement("path", {d: cross, stroke: colour, "stroke-width": 0.3}));
    }
    return svg;
}
