import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** What the routes of an object are, in the order of the bar; a label agrees with any number. */
const PARTS = [
    ["used", (count) => _t("Used: %s", count)],
    ["reserved", (count) => _t("Reserved: %s", count)],
    ["out", (count) => _t("Out of service: %s", count)],
    ["wired", (count) => _t("Free at a socket: %s", count)],
    ["free", (count) => _t("Free: %s", count)],
];

/** Share of the routes of an object that is used, reserved, out of service and free. */
export class CapacityBar extends Component {
    static template = "oiconnect_infra.CapacityBar";
    static props = {...standardFieldProps, legend: {type: Boolean, optional: true}};

    get counts() {
        return this.props.record.data[this.props.name] || {};
    }

    get parts() {
        const {counts} = this;
        return PARTS.filter(([name]) => counts[name]).map(([name, label]) => ({
            name,
            width: (100 * counts[name]) / counts.total,
            text: label(counts[name]),
        }));
    }

    get summary() {
        return _t("Free: %(free)s of %(total)s", this.counts);
    }

    get title() {
        return this.parts.map((part) => part.text).join(", ") || _t("No route");
    }
}

export const capacityBar = {
    component: CapacityBar,
    displayName: _t("Occupation"),
    supportedTypes: ["json"],
    isEmpty: () => false,
    extractProps: ({viewType}) => ({legend: viewType === "form"}),
};

registry.category("fields").add("oiconnect_capacity_bar", capacityBar);
