/**
 * What tells objects apart on the map besides colours: a shape for each kind, and how
 * full it is for each state. The same paths, in a square from -1 to 1, serve the canvas
 * of the map and the SVG of the legend.
 */
export const SHAPES = {
    circle: "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z",
    square: "M-.9 -.9H.9V.9H-.9Z",
    triangle: "M0 -1.05L1.1 .85H-1.1Z",
    pennant: "M-1.1 -.85H1.1L0 1.05Z",
    diamond: "M0 -1.15L1.15 0L0 1.15L-1.15 0Z",
    hexagon: "M-.55 -.95H.55L1.1 0L.55 .95H-.55L-1.1 0Z",
    pentagon: "M0 -1.05L1.05 -.3L.65 .95H-.65L-1.05 -.3Z",
    house: "M0 -1.05L1.05 -.15V.95H-1.05V-.15Z",
    star: "M0 -1.2L.33 -.4L1.14 -.37L.5 .15L.71 .97L0 .5L-.71 .97L-.5 .15L-1.14 -.37L-.33 -.4Z",
    cross: "M-.4 -1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
};

/** A shape from one side to the other is this many times its radius. */
const EXTENT = 1.6;
const PAPER = "#ffffff";

/** No two states of one kind are alike, whatever their colours. */
const FILLS = {
    hollow: ["target", "planned", "free", "unknown"],
    dotted: ["signed", "none"],
    side: ["on_demand"],
    quarters: ["on_demand_deploying"],
    half: ["deploying", "low"],
    crossed: ["abandoned", "out_of_service"],
};

/** What is coloured of a shape that is filled in part: [x, y, width, height]. */
const PARTS = {
    half: [[-EXTENT, 0, 2 * EXTENT, EXTENT]],
    side: [[-EXTENT, -EXTENT, EXTENT, 2 * EXTENT]],
    quarters: [
        [-EXTENT, -EXTENT, EXTENT, EXTENT],
        [0, 0, EXTENT, EXTENT],
    ],
};

/** What is drawn on a shape, in its colour: filled and stroked. */
const MARKS = {
    crossed: "M-.7 -.7L.7 .7M.7 -.7L-.7 .7",
    dotted: "M.3 .1A.3 .3 0 1 1 -.3 .1A.3 .3 0 1 1 .3 .1Z",
};

/** How the line of a state is dashed. */
const DASHES = {
    planned: "2 6",
    deploying: "8 6",
    abandoned: "12 4 2 4",
    transport: "18 5",
    drop: "3 5",
};

/** The outline of zones. */
export const ZONE_STYLE = {colour: "#5b5b9c", dash: "6 4", shape: "area"};

/** How full the shape of a state is: what is done or used is solid. */
export function fillOf(state) {
    const found = Object.entries(FILLS).find(([, states]) => states.includes(state));
    return found ? found[0] : "solid";
}

export function partsOf(fill) {
    return PARTS[fill] || [];
}

export function markOf(fill) {
    return MARKS[fill];
}

export function pathOf(shape) {
    return SHAPES[shape] || SHAPES.circle;
}

/**
 * What is drawn of a state: `states` is the list of its kind in the settings, which may
 * say itself how a state is filled.
 */
export function styleOf(states, state) {
    const known = (states || []).find(([key]) => key === state);
    const [, label, colour, shape, fill] = known || [state, state, "#6c757d", "circle"];
    return {
        label,
        colour,
        shape: shape || states?.[0]?.[3],
        fill: fill || fillOf(state),
        dash: DASHES[state],
    };
}

function paint(ctx, radius, {shape, colour, fill}) {
    const path = new Path2D(pathOf(shape));
    ctx.lineJoin = "round";
    ctx.lineWidth = 4 / radius;
    ctx.strokeStyle = PAPER;
    ctx.stroke(path);
    ctx.fillStyle = fill === "solid" ? colour : PAPER;
    ctx.fill(path);
    ctx.fillStyle = colour;
    ctx.save();
    ctx.clip(path);
    partsOf(fill).forEach((part) => ctx.fillRect(...part));
    ctx.restore();
    ctx.lineWidth = 2 / radius;
    ctx.strokeStyle = colour;
    ctx.stroke(path);
    if (markOf(fill)) {
        const mark = new Path2D(markOf(fill));
        ctx.fill(mark);
        ctx.stroke(mark);
    }
}

const sprites = new Map();

/** The picture of a style, painted once: thousands of points are copies of it. */
function spriteOf(radius, style) {
    const ratio = window.devicePixelRatio || 1;
    const key = [radius, style.shape, style.colour, style.fill, ratio].join();
    if (!sprites.has(key)) {
        const half = Math.ceil(radius * EXTENT);
        const sprite = document.createElement("canvas");
        sprite.width = sprite.height = Math.ceil(2 * half * ratio);
        const ctx = sprite.getContext("2d");
        ctx.scale(ratio * radius, ratio * radius);
        ctx.translate(half / radius, half / radius);
        paint(ctx, radius, style);
        sprites.set(key, {sprite, half});
    }
    return sprites.get(key);
}

export function drawShape(ctx, {x, y}, radius, style) {
    const {sprite, half} = spriteOf(radius, style);
    ctx.drawImage(sprite, x - half, y - half, 2 * half, 2 * half);
}
