const {DateTime} = luxon;

const MARGIN = 16;
const FONT = "sans-serif";
const PAPER = "#ffffff";
const INK = "#212529";
const MUTED = "#5c646b";
const SQUARE = 10;

/** Lay out names beside squares of their colours; return the height that they take. */
function writeLegend(pen, legend, top, width) {
    let [x, y] = [MARGIN, top];
    pen.font = `12px ${FONT}`;
    for (const {name, colour} of legend) {
        const taken = SQUARE + 6 + pen.measureText(name).width + 16;
        if (x > MARGIN && x + taken > width) {
            [x, y] = [MARGIN, y + 18];
        }
        pen.fillStyle = colour;
        pen.fillRect(x, y - SQUARE, SQUARE, SQUARE);
        pen.fillStyle = INK;
        pen.fillText(name, x + SQUARE + 6, y);
        x += taken;
    }
    return legend.length ? y - top + 18 : 0;
}

/** Return a chart as a picture on white, with its title, note and colours. */
export function pictureOf(chart, {title, note, legend}) {
    const width = Math.max(640, chart.clientWidth + 2 * MARGIN);
    const made = document.createElement("canvas");
    const scale = 2;
    const pen = made.getContext("2d");
    const top = note ? 66 : 46;
    const legendHeight = writeLegend(pen, legend, 0, width);
    const height = top + legendHeight + chart.clientHeight + MARGIN;
    made.width = width * scale;
    made.height = height * scale;
    pen.scale(scale, scale);
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = INK;
    pen.font = `bold 16px ${FONT}`;
    pen.fillText(title, MARGIN, 28, width - 2 * MARGIN);
    if (note) {
        pen.fillStyle = MUTED;
        pen.font = `12px ${FONT}`;
        pen.fillText(note, MARGIN, 48, width - 2 * MARGIN);
    }
    writeLegend(pen, legend, top, width);
    pen.drawImage(
        chart,
        MARGIN,
        top + legendHeight,
        chart.clientWidth,
        chart.clientHeight
    );
    return made;
}

/** Hand a picture over as a file, named as what it shows and today. */
export function save(picture, title) {
    const link = document.createElement("a");
    const name = `${title} - ${DateTime.now().toISODate()}.png`;
    link.download = name.replaceAll("/", "-");
    link.href = picture.toDataURL("image/png");
    link.click();
}
