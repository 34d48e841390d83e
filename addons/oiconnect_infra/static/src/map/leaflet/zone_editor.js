/** Pixels that an arrow key moves a corner. */
const NUDGE = 4;
const ARROWS = {
    ArrowUp: [0, -NUDGE],
    ArrowDown: [0, NUDGE],
    ArrowLeft: [-NUDGE, 0],
    ArrowRight: [NUDGE, 0],
};

function distance(one, other) {
    return Math.hypot(one[0] - other[0], one[1] - other[1]);
}

/** Where a new corner goes in the ring: into the edge that it lengthens least. */
export function placeInRing(corners, corner) {
    if (corners.length < 3) {
        return corners.length;
    }
    const detours = corners.map((from, index) => {
        const to = corners[(index + 1) % corners.length];
        return distance(from, corner) + distance(corner, to) - distance(from, to);
    });
    return detours.indexOf(Math.min(...detours)) + 1;
}

/** The corners, as [latitude, longitude], of the one ring of a geometry; null if more. */
export function cornersOf(geometry) {
    if (!geometry) {
        return [];
    }
    const polygons =
        geometry.type === "MultiPolygon"
            ? geometry.coordinates
            : [geometry.coordinates];
    if (polygons.length !== 1 || polygons[0].length !== 1) {
        return null;
    }
    return polygons[0][0].slice(0, -1).map(([lon, lat]) => [lat, lon]);
}

export function geometryOf(corners) {
    const ring = [...corners, corners[0]].map(([lat, lon]) => [lon, lat]);
    return {type: "Polygon", coordinates: [ring]};
}

/**
 * Draw a polygon: a click adds a corner, which is moved by dragging it or by the arrow
 * keys, and taken away by a double click or the Delete key.
 */
export class ZoneEditor {
    constructor(map, corners, {onChange, cornerTitle}) {
        Object.assign(this, {map, onChange, cornerTitle});
        this.corners = corners.map((corner) => [...corner]);
        this.group = L.layerGroup().addTo(map);
        this.polygon = L.polygon(this.corners, {
            className: "o_oic_zone_edited",
            interactive: false,
            renderer: L.svg(),
            weight: 3,
        }).addTo(map);
        this.onClick = ({latlng}) => this.add([latlng.lat, latlng.lng]);
        map.on("click", this.onClick);
        map.doubleClickZoom.disable();
        map.getContainer().classList.add("o_oic_map_drawing");
        this.draw();
    }

    destroy() {
        this.map.off("click", this.onClick);
        this.map.doubleClickZoom.enable();
        this.map.getContainer().classList.remove("o_oic_map_drawing");
        this.group.remove();
        this.polygon.remove();
    }

    get isComplete() {
        return this.corners.length >= 3;
    }

    add(corner) {
        this.corners.splice(placeInRing(this.corners, corner), 0, corner);
        this.changed();
    }

    remove(index) {
        this.corners.splice(index, 1);
        this.changed();
    }

    clear() {
        this.corners = [];
        this.changed();
    }

    move(index, {lat, lng}) {
        this.corners[index] = [lat, lng];
        this.polygon.setLatLngs(this.corners);
        this.onChange(this);
    }

    changed() {
        this.draw();
        this.onChange(this);
    }

    draw() {
        this.polygon.setLatLngs(this.corners);
        this.group.clearLayers();
        this.corners.forEach((corner, index) => this.drawCorner(corner, index));
    }

    drawCorner(corner, index) {
        const icon = L.divIcon({className: "o_oic_zone_corner", iconSize: [16, 16]});
        const title = `${this.cornerTitle} ${index + 1}`;
        const marker = L.marker(corner, {
            icon,
            draggable: true,
            title,
            zIndexOffset: 1000,
        });
        marker.on("drag", () => this.move(index, marker.getLatLng()));
        marker.on("dblclick", () => this.remove(index));
        marker.on("keydown", ({originalEvent}) =>
            this.onKeydown(originalEvent, index, marker)
        );
        this.group.addLayer(marker);
    }

    onKeydown(event, index, marker) {
        if (["Delete", "Backspace"].includes(event.key)) {
            this.remove(index);
        } else if (event.key in ARROWS) {
            const at = this.map.latLngToContainerPoint(marker.getLatLng());
            const place = this.map.containerPointToLatLng(at.add(ARROWS[event.key]));
            marker.setLatLng(place);
            this.move(index, place);
        } else {
            return;
        }
        L.DomEvent.stop(event);
    }
}
