import {Component, useState} from "@odoo/owl";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";
import {KINDS} from "./map_kinds";
import {ShapeIcon} from "./shape_icon";
import {styleOf, ZONE_STYLE} from "./shapes";

/** What stays on the map: kinds, states of buildings, PMs, communes, saturation. */
export class FiltersPanel extends Component {
    static template = "oiconnect_infra.FiltersPanel";
    static components = {MultiRecordSelector, ShapeIcon};
    static props = {model: Object, close: Function};

    setup() {
        this.model = useState(this.props.model);
    }

    get kinds() {
        const {kinds, offeredKinds, settings} = this.model;
        return offeredKinds.map((kind) => ({
            kind,
            label: KINDS[kind].label,
            checked: kinds.includes(kind),
            icon:
                kind === "zone" ? ZONE_STYLE : {shape: settings.states[kind]?.[0]?.[3]},
        }));
    }

    statesOf(kind, filter) {
        const {filters, settings} = this.model;
        return (settings.states[kind] || []).map(([key]) => ({
            key,
            checked: filters[filter].includes(key),
            style: styleOf(settings.states[kind], key),
        }));
    }

    get buildingStates() {
        return this.statesOf("building", "building_states");
    }

    get saturations() {
        return this.statesOf("pbo", "saturation");
    }

    toggleKind(kind) {
        const {kinds} = this.model;
        this.model.setKinds(this.toggled(kinds, kind));
    }

    toggle(filter, key) {
        const {filters} = this.model;
        this.model.setFilter(filter, this.toggled(filters[filter], key));
    }

    toggled(values, value) {
        return values.includes(value)
            ? values.filter((other) => other !== value)
            : [...values, value];
    }

    update(filter, ids) {
        this.model.setFilter(filter, [...new Set(ids)]);
    }
}
