import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";

const STEPS = [
    30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005,
];
/** Pixels between two lines, at least. */
const SPACING = 130;
/** Pixels at the bottom that belong to the labels of longitudes. */
const BOTTOM = 44;

/** Degrees between two lines, so that they stay apart by `SPACING`. */
export function stepOf(degreesPerPixel) {
    const room = degreesPerPixel * SPACING;
    return STEPS.findLast((step) => step >= room) || STEPS[0];
}

/** The multiples of `step` from `low` to `high`, without the noise of sums of floats. */
export function linesBetween(low, high, step) {
    const lines = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) {
        lines.push(Number((k * step).toFixed(4)));
    }
    return lines;
}

function degrees(value) {
    return String(Math.abs(value)).replace(".", localization.decimalPoint || ".");
}

export function latitudeLabel(value) {
    return value < 0 ? _t("%s° S", degrees(value)) : _t("%s° N", degrees(value));
}

export function longitudeLabel(value) {
    return value < 0 ? _t("%s° W", degrees(value)) : _t("%s° E", degrees(value));
}

function label(text, place, side) {
    const html = document.createElement("span");
    html.textContent = text;
    const className = `o_oic_graticule_label o_oic_graticule_${side}`;
    const icon = L.divIcon({className, html, iconSize: [0, 0]});
    const options = {icon, pane: "graticule", interactive: false, keyboard: false};
    return L.marker(place, options);
}

/** Lines of latitude and longitude, for a map without tiles. */
export const Graticule = L.LayerGroup.extend({
    onAdd(map) {
        L.LayerGroup.prototype.onAdd.call(this, map);
        this.renderer = L.svg({pane: "graticule", padding: 0.1});
        map.on("moveend viewreset resize", this.draw, this);
        this.draw();
    },

    onRemove(map) {
        map.off("moveend viewreset resize", this.draw, this);
        this.clearLayers();
        L.LayerGroup.prototype.onRemove.call(this, map);
    },

    draw() {
        this.clearLayers();
        const bounds = this._map.getBounds();
        const {x: width, y: height} = this._map.getSize();
        if (!width) {
            return;
        }
        const [south, north] = [bounds.getSouth(), bounds.getNorth()];
        const [west, east] = [bounds.getWest(), bounds.getEast()];
        const step = stepOf((east - west) / width);
        for (const lat of linesBetween(
            Math.max(south, -85),
            Math.min(north, 85),
            step
        )) {
            this.line([
                [lat, west],
                [lat, east],
            ]);
            if (this._map.latLngToContainerPoint([lat, west]).y < height - BOTTOM) {
                this.addLayer(label(latitudeLabel(lat), [lat, west], "lat"));
            }
        }
        for (const lon of linesBetween(west, east, step)) {
            this.line([
                [south, lon],
                [north, lon],
            ]);
            this.addLayer(label(longitudeLabel(lon), [south, lon], "lon"));
        }
    },

    line(places) {
        this.addLayer(
            L.polyline(places, {
                className: "o_oic_graticule_line",
                interactive: false,
                pane: "graticule",
                renderer: this.renderer,
                weight: 1,
            })
        );
    },
});
