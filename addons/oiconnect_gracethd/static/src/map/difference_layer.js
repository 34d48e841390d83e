import {FILTERS} from "@oiconnect_infra/map/map_filters";
import {KINDS, POINT_KINDS} from "@oiconnect_infra/map/map_kinds";
import {LeafletMap} from "@oiconnect_infra/map/leaflet/leaflet_map";
import {MapScreen} from "@oiconnect_infra/map/map_screen";
import {styleOf} from "@oiconnect_infra/map/shapes";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

const KIND = "difference";
const FILTER = "difference_ids";

/** What differs between two deliveries, above the network, while one is looked at. */
KINDS[KIND] = {
    model: "oiconnect.gracethd.difference.line",
    label: _t("Differences of deliveries"),
    needs: FILTER,
    radius: 8,
};
POINT_KINDS.push(KIND);
FILTERS[FILTER] = {key: KIND, model: "oiconnect.gracethd.difference", states: KIND};

patch(MapScreen.prototype, {
    showFocus(focus) {
        super.showFocus(focus);
        if (focus[KIND]) {
            this.model.setFilter(FILTER, [focus[KIND]]);
        }
    },
});

patch(LeafletMap.prototype, {
    show(answer) {
        super.show(...arguments);
        for (const [id, places, state, label] of answer.differences || []) {
            this.addDifference({id, places, state, label});
        }
    },

    addDifference({id, places, state, label}) {
        const {colour, label: stateLabel} = styleOf(this.states[KIND], state);
        this.links.addLayer(
            L.polyline(places, {
                bubblingMouseEvents: false,
                color: colour,
                dashArray: ["absent", "abandoned"].includes(state) ? "10 6" : undefined,
                id,
                kind: KIND,
                label: `${label} – ${stateLabel}`,
                opacity: 0.8,
                renderer: this.renderer,
                weight: 6,
            })
        );
    },
});
