import {_t} from "@web/core/l10n/translation";
import {LeafletMap} from "@oiconnect_infra/map/leaflet/leaflet_map";
import {svgElement, svgShape} from "@oiconnect_infra/map/leaflet/svg";
import {styleOf} from "@oiconnect_infra/map/shapes";

const SIDE = 44;

/** The shape of a state with the rank of the visit on it. */
export function visitMark(states, {state, rank}) {
    const svg = svgShape({...styleOf(states, state), fill: "solid"});
    const text = svgElement("text", {
        x: 0,
        y: 0.36,
        fill: "#ffffff",
        "font-size": rank > 99 ? 0.8 : 1.05,
        "font-weight": "bold",
        "text-anchor": "middle",
    });
    text.textContent = rank;
    svg.append(text);
    return svg;
}

/** The map of the network, with visits on it. */
export class VisitsMap extends LeafletMap {
    constructor(...args) {
        super(...args);
        const titles = {zoomInTitle: _t("Zoom in"), zoomOutTitle: _t("Zoom out")};
        L.control.zoom(titles).addTo(this.map);
    }

    showVisits(visits, states) {
        this.points.clearLayers();
        for (const visit of visits.filter(({lat, lon}) => lat || lon)) {
            this.points.addLayer(this.visitMarker(visit, states));
        }
    }

    visitMarker(visit, states) {
        const icon = L.divIcon({
            className: "o_oic_day_point",
            html: visitMark(states, visit),
            iconSize: [SIDE, SIDE],
        });
        const label = `${visit.rank}. ${visit.hours} ${visit.address}`;
        const marker = L.marker([visit.lat, visit.lon], {
            icon,
            id: visit.id,
            kind: "visit",
            label,
            riseOnHover: true,
        });
        marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
        return marker;
    }

    /** Look at all of them. */
    frame(visits) {
        const places = visits.filter(({lat, lon}) => lat || lon);
        const lats = places.map(({lat}) => lat);
        const lons = places.map(({lon}) => lon);
        this.showBounds(
            places.length && [
                Math.min(...lats),
                Math.min(...lons),
                Math.max(...lats),
                Math.max(...lons),
            ]
        );
    }
}
