import {Component, onMounted, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {LeafletMap} from "./leaflet/leaflet_map";
import {ShapeMarker} from "./leaflet/shape_marker";
import {styleOf} from "./shapes";

const RADIUS = 6;

/** Places of one kind on a small map; a click opens one. */
export class PlacesMap extends Component {
    static template = "oiconnect_infra.PlacesMap";
    static props = {
        places: Array,
        styles: Array,
        tiles: Array,
        open: Function,
        legend: {type: Boolean, optional: true},
    };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => this.draw(),
            () => [this.props.places]
        );
        onMounted(() => this.mount());
        onWillUnmount(() => this.map.destroy());
    }

    mount() {
        const handlers = {pick: ([{id}]) => this.props.open(id)};
        this.map = new LeafletMap(this.canvas.el, {}, handlers, {keyboard: false});
        this.map.setBase(this.props.tiles[0]);
        this.draw();
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
        this.map.showBounds(places.length && this.bounds);
    }

    get bounds() {
        const lats = this.props.places.map(({lat}) => lat);
        const lons = this.props.places.map(({lon}) => lon);
        return [
            Math.min(...lats),
            Math.min(...lons),
            Math.max(...lats),
            Math.max(...lons),
        ];
    }
}

registry.category("lazy_components").add("oiconnect_infra.PlacesMap", PlacesMap);
