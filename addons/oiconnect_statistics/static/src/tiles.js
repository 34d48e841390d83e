import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";

const tenths = (value) => formatFloat(value, {digits: [16, 1]});

/** Return the value of a tile as it is read. */
export function textOf(value, unit) {
    if (value === null) {
        return "–";
    }
    return {
        count: () => formatInteger(value),
        percent: () => `${tenths(value)} %`,
        hours: () => _t("%s h", tenths(value)),
        days: () => _t("%s d", tenths(value)),
    }[unit]();
}

/** Figures on top of a page: value, trend, goal; each number opens what it counts. */
export class Tiles extends Component {
    static template = "oiconnect_statistics.Tiles";
    static props = {
        titles: {type: Array, optional: true},
        found: {optional: true},
        open: Function,
    };

    /** Of a page that is still counted, the titles. */
    get tiles() {
        return this.props.found?.tiles || this.props.titles || [];
    }

    text(value, unit) {
        return textOf(value, unit);
    }

    /** How far a value is from that of the period before, null where it is unknown. */
    trend({value, before, unit}) {
        if (!before || value === null || before.value === null) {
            return null;
        }
        const change = value - before.value;
        const shown =
            unit === "count" && before.value
                ? `${formatInteger(Math.round((100 * Math.abs(change)) / before.value))} %`
                : this.distance(Math.abs(change), unit);
        return {change, text: change ? `${change > 0 ? "▲ +" : "▼ −"}${shown}` : "="};
    }

    distance(value, unit) {
        return unit === "percent" ? _t("%s pt", tenths(value)) : textOf(value, unit);
    }

    /** Good, bad or neither: it is said by the sign too. */
    toneOf(tile) {
        const {change} = this.trend(tile);
        if (!change || !tile.better) {
            return "text-muted";
        }
        return change > 0 === (tile.better === "more") ? "text-success" : "text-danger";
    }

    isMet({value, goal}) {
        return value === null || value <= goal;
    }

    goalText(tile) {
        const limit = textOf(tile.goal, tile.unit);
        return this.isMet(tile)
            ? _t("✓ Goal: %s at the most", limit)
            : _t("✗ Goal: %s at the most", limit);
    }

    openList(tile, list, suffix = "") {
        this.props.open({
            list,
            title: suffix ? `${tile.title} – ${suffix}` : tile.title,
        });
    }
}
