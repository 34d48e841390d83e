import {Component, onMounted, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {HeatLayer} from "./leaflet/heat_layer";
import {LeafletMap} from "./leaflet/leaflet_map";
import {ShapeMarker} from "./leaflet/shape_marker";
import {styleOf} from "./shapes";

const RADIUS = 6;

/** Places of one kind on a small map; a click opens one. Some have a heat under them. */
export class PlacesMap extends Component {
    static template = "oiconnect_infra.PlacesMap";
    static props = {
        places: Array,
        styles: Array,
        tiles: Array,
        open: Function,
        legend: {type: Boolean, optional: true},
        // Returns a promise of cells, see HeatLayer; their colours are the styles
        heat: {type: Function, optional: true},
    };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => this.draw(),
            () => [this.props.places]
        );
        onMounted(() => this.mount());
        onWillUnmount(() => {
            this.map.destroy();
            this.map = null;
        });
    }

    mount() {
        const handlers = {pick: ([{id}]) => this.props.open(id)};
        this.map = new LeafletMap(this.canvas.el, {}, handlers, {keyboard: false});
        this.map.setBase(this.props.tiles[0]);
        this.draw();
        this.warm();
    }

    async warm() {
        // Points are there without it: a heat that cannot be had is none.
        const cells = await this.props.heat?.().catch(() => []);
        if (!this.map || !cells?.length) {
            return;
        }
        const classes = this.props.styles.map(([least, , colour]) => [
            Number(least),
            colour,
        ]);
        this.map.map.addLayer(new HeatLayer(cells, classes));
        this.map.showBounds(boundsOf([...cells, ...this.corners]));
    }

    draw() {
        if (!this.map) {
            return;
        }
        const {places, styles} = this.props;
        this.map.points.clearLayers();
        for (const {id, lat, lon, state, label} of places) {
            this.map.points.addLayer(
                new ShapeMarker([lat, lon], {
                    bubblingMouseEvents: false,
                    id,
                    kind: "place",
                    label,
                    radius: RADIUS,
                    renderer: this.map.renderer,
                    style: styleOf(styles, state),
                })
            );
        }
        this.map.showBounds(places.length && boundsOf(this.corners));
    }

    get corners() {
        return this.props.places.map(({lat, lon}) => [lat, lon]);
    }
}

function boundsOf(corners) {
    const [lats, lons] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
    return [Math.min(...lats), Math.min(...lons), Math.max(...lats), Math.max(...lons)];
}

registry.category("lazy_components").add("oiconnect_infra.PlacesMap", PlacesMap);
