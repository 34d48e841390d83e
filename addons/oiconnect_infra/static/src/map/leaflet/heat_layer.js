/** Pixels of the screen for one of the heat: it is smooth, and drawn in no time. */
export const GRAIN = 4;
/** How far a place is felt, in pixels of the heat. */
export const REACH = 8;
const OPACITY = 190;

/**
 * The heat of places on `width` × `height` pixels: `[near, share]`, a number for each.
 * `share` is that of the places around, each by its weight and by how near it is: two
 * places side by side do not add up to more than each of them.
 *
 * @param {Array} places [x, y, weight, part of the weight]
 */
export function heatOf(places, width, height) {
    const near = new Float32Array(width * height);
    const weights = new Float32Array(width * height);
    const share = new Float32Array(width * height);
    for (const [x, y, weight, part] of places) {
        const [left, right] = [Math.ceil(x - REACH), Math.floor(x + REACH)];
        const [top, bottom] = [Math.ceil(y - REACH), Math.floor(y + REACH)];
        for (let row = Math.max(0, top); row <= Math.min(height - 1, bottom); row++) {
            for (
                let column = Math.max(0, left);
                column <= Math.min(width - 1, right);
                column++
            ) {
                const far = ((column - x) ** 2 + (row - y) ** 2) / REACH ** 2;
                if (far < 1) {
                    const felt = (1 - far) ** 2;
                    const pixel = row * width + column;
                    near[pixel] = Math.max(near[pixel], felt);
                    weights[pixel] += felt * weight;
                    share[pixel] += felt * part;
                }
            }
        }
    }
    for (let pixel = 0; pixel < share.length; pixel++) {
        share[pixel] = weights[pixel] ? share[pixel] / weights[pixel] : 0;
    }
    return [near, share];
}

/** The colour of a share, in hundredths, of `[least, colour]` from low to high. */
export function heatColour(share, classes) {
    const [, colour] = classes.findLast(([least]) => 100 * share >= least);
    const number = parseInt(colour.slice(1), 16);
    return [number >> 16, (number >> 8) & 255, number & 255];
}

/** Places as colours that run into each other, under the points of the map. */
export const HeatLayer = L.Layer.extend({
    /**
     * @param {Array} cells [latitude, longitude, weight, part of the weight]
     * @param {Array} classes [least share in hundredths, colour], from low to high
     */
    initialize(cells, classes) {
        this.cells = cells;
        this.classes = classes;
    },

    onAdd(map) {
        this.canvas = L.DomUtil.create("canvas", "o_oic_heat leaflet-zoom-hide");
        this.canvas.style.pointerEvents = "none";
        map.getPanes().overlayPane.prepend(this.canvas);
        map.on("moveend viewreset resize", this.draw, this);
        this.draw();
    },

    onRemove(map) {
        map.off("moveend viewreset resize", this.draw, this);
        this.canvas.remove();
    },

    draw() {
        const {x: wide, y: high} = this._map.getSize();
        const [width, height] = [Math.ceil(wide / GRAIN), Math.ceil(high / GRAIN)];
        if (!width || !height) {
            return;
        }
        L.DomUtil.setPosition(
            this.canvas,
            this._map.containerPointToLayerPoint([0, 0])
        );
        Object.assign(this.canvas, {width, height});
        Object.assign(this.canvas.style, {
            width: `${width * GRAIN}px`,
            height: `${height * GRAIN}px`,
        });
        const places = this.cells.map(([lat, lon, weight, part]) => {
            const {x, y} = this._map.latLngToContainerPoint([lat, lon]);
            return [x / GRAIN, y / GRAIN, weight, part];
        });
        const context = this.canvas.getContext("2d");
        const image = context.createImageData(width, height);
        const [near, share] = heatOf(places, width, height);
        for (let pixel = 0; pixel < near.length; pixel++) {
            if (near[pixel]) {
                image.data.set(heatColour(share[pixel], this.classes), 4 * pixel);
                image.data[4 * pixel + 3] = OPACITY * Math.min(1, 2 * near[pixel]);
            }
        }
        context.putImageData(image, 0, 0);
    },
});
