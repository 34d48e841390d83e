import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** What the routes of an object are, in the order of the bar. */
const PARTS = [
    ["used", _t("used")],
    ["reserved", _t("reserved")],
    ["out", _t("out of service")],
    ["wired", _t("free, at a socket")],
    ["free", _t("free")],
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
            text: `${counts[name]} ${label}`,
        }));
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
