import {Component} from "@odoo/owl";
import {formatFloat} from "@web/core/utils/numbers";
import {KINDS} from "./map_kinds";
import {ShapeIcon} from "./shape_icon";
import {styleOf, ZONE_STYLE} from "./shapes";

/** Below the map: what its shapes and colours say, and how many of each kind are seen. */
export class Legend extends Component {
    static template = "oiconnect_infra.Legend";
    static components = {ShapeIcon};
    static props = {states: Object, kinds: Array, totals: Object};

    get rows() {
        const {kinds, states, totals} = this.props;
        return kinds
            .filter((kind) => kind in states || kind === "zone")
            .map((kind) => ({
                kind,
                label: KINDS[kind].label,
                total:
                    kind in totals
                        ? formatFloat(totals[kind], {digits: [false, 0]})
                        : "",
                // Zones have no state: one outline is theirs.
                icon: kind === "zone" && ZONE_STYLE,
                states: (states[kind] || []).map(([key]) => ({
                    key,
                    ...styleOf(states[kind], key),
                })),
            }));
    }
}
