import {
    Component,
    onMounted,
    onWillUnmount,
    toRaw,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {LeafletMap} from "./leaflet/leaflet_map";
import {KINDS} from "./map_kinds";
import {MapModel, messageOf} from "./map_model";
import {MapServer} from "./map_server";

const ZOOM = 17;

/** A small map of one place, or of several, with what is near; a click opens the map. */
export class MiniMap extends Component {
    static template = "oiconnect_infra.MiniMap";
    static props = {
        lat: Number,
        lon: Number,
        bounds: {type: [Array, {value: null}], optional: true},
        open: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        this.server = new MapServer();
        this.state = useState({error: "", model: null});
        useEffect(
            (answer) => answer && this.map?.show(toRaw(answer)),
            () => [this.state.model?.answer]
        );
        useEffect(
            () => this.look(),
            () => [this.props.lat, this.props.lon, String(this.props.bounds)]
        );
        onMounted(() => this.load());
        onWillUnmount(() => {
            this.server.abort();
            this.state.model?.destroy();
            this.map?.destroy();
        });
    }

    get error() {
        return this.state.error || this.state.model?.error;
    }

    async load() {
        try {
            const settings = await this.server.ask("settings");
            this.draw(settings);
        } catch (error) {
            this.state.error = messageOf(error);
        }
    }

    draw(settings) {
        const model = new MapModel(settings, this.server);
        model.kinds = Object.keys(KINDS).filter((kind) => kind in settings.states);
        this.state.model = model;
        const handlers = {
            leave: () => this.props.open(),
            move: () => this.state.model.look(this.map.view, this.map.bounds),
            pick: () => this.props.open(),
        };
        const options = {dragging: false, keyboard: false, doubleClickZoom: false};
        this.map = new LeafletMap(this.canvas.el, settings.states, handlers, options);
        this.map.setBase(settings.tiles[0]);
        this.look();
    }

    look() {
        const {bounds, lat, lon} = this.props;
        if (bounds) {
            this.map?.showBounds(bounds);
        } else {
            this.map?.setView({lat, lon, zoom: ZOOM});
        }
        this.map?.highlight(bounds ? null : {lat, lon});
    }
}

registry.category("lazy_components").add("oiconnect_infra.MiniMap", MiniMap);
