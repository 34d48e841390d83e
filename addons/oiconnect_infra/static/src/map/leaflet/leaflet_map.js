import {KINDS, LINE_KINDS, POINT_KINDS} from "../map_kinds";
import {styleOf, ZONE_STYLE} from "../shapes";
import {attributionOf} from "./attribution";
import {clusterIcon, clusterTitle} from "./cluster_icon";
import {Graticule} from "./graticule";
import {mergeClusters, takeHidden} from "./merge_clusters";
import {ShapeMarker} from "./shape_marker";
import {svgShape} from "./svg";
import {addCtrlWheel} from "./wheel";

const MAX_ZOOM = 20;
const FRANCE = [41.3, -5.2, 51.1, 9.6];
/** Points nearer than this, in pixels, are clicked together. */
const NEAR = 8;
/** Below this zoom points are drawn smaller. */
const SMALL_ZOOM = 15;

function corners([south, west, north, east]) {
    return [
        [south, west],
        [north, east],
    ];
}

function onEnter(marker, act) {
    marker.on("keydown", ({originalEvent: event}) => {
        if (event.key === "Enter" || event.key === " ") {
            L.DomEvent.stop(event);
            act();
        }
    });
}

/**
 * What Leaflet draws. It knows nothing of the server: it is given the answers of the map
 * (see MapServer) and tells by `handlers` (move, pick, leave, hint, tiles) what is done.
 */
export class LeafletMap {
    constructor(element, states, handlers = {}, options = {}) {
        this.element = element;
        this.states = states;
        this.handlers = handlers;
        const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        this.map = L.map(element, {
            attributionControl: false,
            fadeAnimation: !still,
            maxZoom: MAX_ZOOM,
            minZoom: 3,
            preferCanvas: true,
            scrollWheelZoom: false,
            zoomAnimation: !still,
            zoomControl: false,
            worldCopyJump: true,
            ...options,
        });
        this.addPanes();
        this.addGroups();
        this.listen();
    }

    // Set up

    addPanes() {
        for (const [name, zIndex] of Object.entries({graticule: 250, communes: 260})) {
            const pane = this.map.createPane(name);
            pane.style.zIndex = zIndex;
            pane.style.pointerEvents = "none";
        }
        this.attribution = L.control.attribution({prefix: false}).addTo(this.map);
        L.control.scale({imperial: false, position: "bottomright"}).addTo(this.map);
    }

    addGroups() {
        this.renderer = L.canvas({padding: 0.2, tolerance: 4});
        this.graticule = new Graticule();
        this.communes = L.layerGroup().addTo(this.map);
        this.zones = L.layerGroup().addTo(this.map);
        this.links = L.featureGroup().addTo(this.map);
        this.points = L.featureGroup().addTo(this.map);
        this.clusters = L.featureGroup().addTo(this.map);
        for (const group of [this.links, this.points]) {
            // A node, not a string: Leaflet reads strings as HTML.
            group.bindTooltip((layer) => document.createTextNode(layer.options.label));
        }
    }

    listen() {
        this.map.on("moveend", () => this.tell("move"));
        this.map.on("click", () => this.tell("leave"));
        this.points.on("click", (event) => this.pick(event));
        this.links.on("click", (event) => this.pick(event));
        this.stopWheel = addCtrlWheel(this.map, () => this.tell("hint"));
        this.sizes = new ResizeObserver(() =>
            this.map.invalidateSize({animate: false})
        );
        this.sizes.observe(this.element);
    }

    tell(event, detail) {
        this.handlers[event]?.(detail);
    }

    destroy() {
        this.handlers = {};
        this.sizes.disconnect();
        this.stopWheel();
        this.map.remove();
    }

    // Where one looks

    get view() {
        const {lat, lng} = this.map.getCenter();
        return {zoom: this.map.getZoom(), lat, lon: lng};
    }

    get bounds() {
        const bounds = this.map.getBounds();
        return [
            Math.max(bounds.getSouth(), -90),
            Math.max(bounds.getWest(), -180),
            Math.min(bounds.getNorth(), 90),
            Math.min(bounds.getEast(), 180),
        ];
    }

    setView({zoom, lat, lon}, animate = false) {
        this.map.setView([lat, lon], zoom ?? this.map.getZoom(), {animate});
    }

    showBounds(bounds) {
        this.map.fitBounds(corners(bounds || FRANCE), {animate: false, maxZoom: 17});
    }

    zoomBy(levels) {
        this.map.setZoom(this.map.getZoom() + levels);
    }

    canZoom(levels) {
        const zoom = this.map.getZoom() + levels;
        return zoom >= this.map.getMinZoom() && zoom <= this.map.getMaxZoom();
    }

    // Under the objects

    /** Tiles of `layer`; a graticule and the names of communes where there are none. */
    setBase(layer) {
        this.tiles?.remove();
        this.tiles = null;
        this.toggleGraticule(!layer);
        if (layer) {
            this.tiles = this.tilesOf(layer).addTo(this.map);
        }
    }

    tilesOf({url, attribution, max_zoom: maxNativeZoom}) {
        let loaded = false;
        const tiles = L.tileLayer(url, {
            attribution: attributionOf(attribution, this.map.options.keyboard),
            maxNativeZoom: maxNativeZoom || MAX_ZOOM,
            maxZoom: MAX_ZOOM,
        });
        tiles.on("tileload", () => {
            loaded = true;
            this.toggleGraticule(false);
            this.tell("tiles", true);
        });
        tiles.on("tileerror", () => {
            if (!loaded && this.tiles === tiles) {
                this.toggleGraticule(true);
                this.tell("tiles", false);
            }
        });
        return tiles;
    }

    toggleGraticule(shown) {
        if (shown !== this.map.hasLayer(this.graticule)) {
            shown ? this.graticule.addTo(this.map) : this.graticule.remove();
        }
        this.element.classList.toggle("o_oic_map_bare", shown);
    }

    showCommunes(communes) {
        this.communes.clearLayers();
        for (const [lat, lon, name] of communes) {
            const html = document.createElement("span");
            html.textContent = name;
            const icon = L.divIcon({
                className: "o_oic_commune",
                html,
                iconSize: [0, 0],
            });
            this.communes.addLayer(
                L.marker([lat, lon], {
                    icon,
                    interactive: false,
                    keyboard: false,
                    pane: "communes",
                })
            );
        }
    }

    // The objects

    /** Draw an answer; `states` are those of each kind, if they are others now. */
    show(answer, states = this.states) {
        const {clusters = [], points = {}, zones = []} = answer;
        this.states = states;
        for (const group of [this.zones, this.links, this.points, this.clusters]) {
            group.clearLayers();
        }
        zones.forEach((zone) => this.addZone(zone));
        for (const [id, places, state, label] of answer.cables || []) {
            this.addLine("cable", {id, places, state, label});
        }
        for (const [id, from, to, state, label] of answer.links || []) {
            this.addLine("link", {id, places: [from, to], state, label});
        }
        const project = (place) => this.map.latLngToLayerPoint(place);
        const groups = mergeClusters(clusters, project);
        for (const kind of POINT_KINDS) {
            this.addPoints(kind, takeHidden(groups, kind, points[kind] || [], project));
        }
        groups.forEach((group) => this.addCluster(group));
    }

    addZone([id, geometry]) {
        const {colour: color, dash: dashArray} = ZONE_STYLE;
        const style = {className: "o_oic_zone", color, dashArray, weight: 2};
        this.zones.addLayer(
            L.geoJSON(geometry, {
                interactive: false,
                pmId: id,
                style: {...style, fillOpacity: 0.08},
                renderer: this.renderer,
            })
        );
    }

    addLine(kind, {id, places, state, label}) {
        const {colour, dash, label: stateLabel} = styleOf(this.states[kind], state);
        this.links.addLayer(
            L.polyline(places, {
                bubblingMouseEvents: false,
                color: colour,
                dashArray: dash,
                id,
                kind,
                label: `${label} – ${stateLabel}`,
                renderer: this.renderer,
                weight: kind === "link" ? 3 : 2,
            })
        );
    }

    addPoints(kind, points) {
        const scale = this.map.getZoom() < SMALL_ZOOM ? 0.8 : 1;
        const radius = KINDS[kind].radius * scale;
        for (const [id, lat, lon, state, label] of points) {
            const style = styleOf(this.states[kind], state);
            const known = {bubblingMouseEvents: false, id, kind, label, state, style};
            this.points.addLayer(
                KINDS[kind].few
                    ? this.marker([lat, lon], radius, known)
                    : new ShapeMarker([lat, lon], {
                          ...known,
                          radius,
                          renderer: this.renderer,
                      })
            );
        }
    }

    /** A point as an element: above the clusters, and reached by the map's keyboard. */
    marker(place, radius, known) {
        const side = radius * 3.2;
        const html = svgShape(known.style);
        const icon = L.divIcon({
            className: "o_oic_point",
            html,
            iconSize: [side, side],
        });
        const {keyboard} = this.map.options;
        const marker = L.marker(place, {...known, icon, keyboard, zIndexOffset: 500});
        onEnter(marker, () => marker.fire("click", {latlng: marker.getLatLng()}, true));
        marker.on("add", () => {
            const title = `${KINDS[known.kind].label} ${known.label}, ${known.style.label}`;
            marker.getElement().setAttribute("aria-label", title);
        });
        return marker;
    }

    addCluster(group) {
        const marker = L.marker([group.lat, group.lon], {
            icon: clusterIcon(group, this.states),
            keyboard: this.map.options.keyboard,
            title: clusterTitle(group, this.states),
            riseOnHover: true,
        });
        const open = () => this.openCluster(group);
        marker.on("click", open);
        onEnter(marker, open);
        this.clusters.addLayer(marker);
    }

    /** Look at what is in a group, closer than now. */
    openCluster({places}) {
        const bounds = L.latLngBounds(places);
        const closer = Math.min(this.map.getZoom() + 2, MAX_ZOOM);
        const zoom = Math.max(closer, this.map.getBoundsZoom(bounds));
        this.map.setView(bounds.getCenter(), Math.min(zoom, closer + 2));
    }

    // What one points at

    /** Tell what is clicked: all the points that stand on each other there. */
    pick({layer, latlng}) {
        const here = this.map.latLngToLayerPoint(latlng);
        const picked = [layer];
        if (!LINE_KINDS.includes(layer.options.kind)) {
            this.points.eachLayer((other) => {
                const there = this.map.latLngToLayerPoint(other.getLatLng());
                if (other !== layer && here.distanceTo(there) <= NEAR) {
                    picked.push(other);
                }
            });
        }
        this.tell(
            "pick",
            picked.map((point) => {
                const {kind, id, label, state} = point.options;
                const {lat, lng: lon} = point.getLatLng?.() || latlng;
                return {kind, id, label, state, place: {lat, lon}};
            })
        );
    }

    clickAt({lat, lon}) {
        this.map.fire("click", {latlng: L.latLng(lat, lon)});
    }

    /** A ring around a place. */
    highlight(place) {
        this.ring?.remove();
        this.ring = null;
        if (place) {
            const icon = L.divIcon({className: "o_oic_ring", iconSize: [36, 36]});
            const options = {icon, interactive: false, keyboard: false};
            this.ring = L.marker([place.lat, place.lon], options).addTo(this.map);
        }
    }
}
