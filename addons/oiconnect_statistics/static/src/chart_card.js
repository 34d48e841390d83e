/* global Chart */
import {Component, onWillStart, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {textOf} from "./tiles";
import {pictureOf, save} from "./picture";

// What Chart.js is given of a bar that is lower than a line of text
const BAR = 26;
const AXES = 40;
const LEAST = 120;
const BY_MONTH = 240;
const LEAST_AXIS = 4;
// Letters of a bar's name on a line: names have half of a chart beside the bars
const LINE = 24;

/** Return a name as Chart.js writes it: a long one goes on below. */
function linesOf(name) {
    const end = name.length > LINE ? name.lastIndexOf(" ", LINE) : -1;
    return end > 0 ? [name.slice(0, end), name.slice(end + 1)] : name;
}

/** One chart: bars, and beside them the same as a table whose numbers lead to lists. */
export class ChartCard extends Component {
    static template = "oiconnect_statistics.ChartCard";
    static props = {
        title: String,
        chart: {type: Object, optional: true},
        open: Function,
        download: {type: Function, optional: true},
        pin: {type: Function, optional: true},
        isPinned: {type: Boolean, optional: true},
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (chart) => this.draw(chart),
            () => [this.props.chart]
        );
        onWillUnmount(() => this.drawn?.destroy());
    }

    // What is shown

    get bars() {
        return this.props.chart?.bars || [];
    }

    /** As the bars stand, but the latest month first: it is read without scrolling. */
    get rows() {
        return this.props.chart.by_month ? [...this.bars].reverse() : this.bars;
    }

    get isRate() {
        return this.props.chart.is_rate;
    }

    get isDuration() {
        return Boolean(this.props.chart.is_duration);
    }

    /** Whether each bar is a stack of operators, told apart by their colours. */
    get isStacked() {
        const {bars, operators} = this.props.chart;
        return Boolean(operators?.length && bars.some(({parts}) => parts));
    }

    /** The operators whose colours are those of whole bars, by id. */
    get colours() {
        const operators = this.props.chart.operators || [];
        return Object.fromEntries(operators.map(({id, colour}) => [id, colour]));
    }

    get isEmpty() {
        return this.bars.every((bar) => !(this.isRate ? bar.total : bar.count));
    }

    get height() {
        if (this.props.chart.by_month) {
            return BY_MONTH;
        }
        return Math.max(LEAST, this.bars.length * BAR + AXES);
    }

    number(value) {
        return formatInteger(value);
    }

    time(value) {
        return textOf(value, this.props.chart.unit);
    }

    percent(share) {
        return share === null
            ? _t("none")
            : `${formatFloat(100 * share, {digits: [16, 1]})} %`;
    }

    /** In words what the colours of a mark say too. */
    markOf({mark}) {
        return {
            higher: _t("▲ higher"),
            lower: _t("▼ lower"),
            same: _t("no difference"),
            few: _t("too few"),
        }[mark];
    }

    markHint({low, high, p_value}) {
        const limits = _t("Between %(low)s and %(high)s (95 %).", {
            low: this.percent(low),
            high: this.percent(high),
        });
        return p_value === null
            ? limits
            : `${limits} p = ${formatFloat(p_value, {digits: [16, 4]})}`;
    }

    // What one does

    open(bar, list) {
        if (list) {
            const title = [this.props.title, bar.label].filter(Boolean).join(" – ");
            this.props.open({list, title});
        }
    }

    /** The part of an operator: the list of its bar, narrowed to the operator. */
    openPart(bar, operator) {
        if (bar.list) {
            const field = this.props.chart.part_field;
            const domain = [...bar.list.domain, [field, "=", operator.id]];
            const title = [this.props.title, bar.label, operator.name].join(" – ");
            this.props.open({list: {...bar.list, domain}, title});
        }
    }

    /** The chart as a picture, named as its title. */
    savePicture() {
        const {title, chart} = this.props;
        const legend = this.legend;
        save(pictureOf(this.canvas.el, {title, note: chart.note, legend}), title);
    }

    get legend() {
        if (this.isDuration) {
            return [
                {name: _t("P50"), colour: this.plain},
                {name: _t("P95"), colour: this.light},
            ];
        }
        return this.isStacked ? this.props.chart.operators : [];
    }

    get plain() {
        return this.variable("--oic-bar");
    }

    get light() {
        return this.variable("--oic-bar-light");
    }

    variable(name) {
        return getComputedStyle(this.canvas.el).getPropertyValue(name).trim();
    }

    // Drawing

    draw(chart) {
        this.drawn?.destroy();
        this.drawn = null;
        if (chart && this.canvas.el && !this.isEmpty) {
            this.drawn = new Chart(this.canvas.el, this.settings(chart));
        }
    }

    datasets(chart) {
        const bars = chart.bars;
        const set = (data, backgroundColor, label) => ({
            data,
            backgroundColor,
            label,
            maxBarThickness: BAR,
        });
        if (this.isDuration) {
            return [
                set(
                    bars.map(({p50}) => p50),
                    this.plain,
                    _t("P50")
                ),
                set(
                    bars.map(({p95}) => p95),
                    this.light,
                    _t("P95")
                ),
            ];
        }
        if (this.isStacked) {
            return chart.operators.map(({id, name, colour}) =>
                set(
                    bars.map(({parts}) => parts?.[id] || 0),
                    colour,
                    name
                )
            );
        }
        return [
            set(
                bars.map((bar) =>
                    chart.is_rate ? 100 * (bar.share || 0) : bar.count
                ),
                bars.map(({value}) => this.colours[value] || this.plain)
            ),
        ];
    }

    settings(chart) {
        const style = getComputedStyle(this.canvas.el);
        const horizontal = !chart.by_month;
        const stacked = this.isStacked;
        const values = {
            stacked,
            // Whole numbers, and whole percents: never twice the same on an axis
            ticks: {
                color: style.color,
                precision: 0,
                callback: (value) =>
                    chart.is_rate ? `${formatInteger(value)} %` : formatInteger(value),
            },
            suggestedMax: LEAST_AXIS,
            beginAtZero: true,
        };
        const labels = {
            stacked,
            ticks: {color: style.color, autoSkip: !horizontal},
            grid: {display: false},
        };
        return {
            type: "bar",
            data: {
                labels: chart.bars.map(({label}) =>
                    horizontal ? linesOf(label) : label
                ),
                datasets: this.datasets(chart),
            },
            options: {
                indexAxis: horizontal ? "y" : "x",
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: {display: false},
                    tooltip: {callbacks: {label: (item) => this.tooltip(item)}},
                },
                scales: horizontal ? {x: values, y: labels} : {x: labels, y: values},
                onClick: (_ev, [hit]) => hit && this.onHit(hit),
                onHover: (ev, hits) => {
                    const leads = hits.length && chart.bars[hits[0].index].list;
                    ev.native.target.style.cursor = leads ? "pointer" : "default";
                },
            },
        };
    }

    onHit({index, datasetIndex}) {
        const bar = this.bars[index];
        if (this.isStacked) {
            this.openPart(bar, this.props.chart.operators[datasetIndex]);
        } else {
            this.open(bar, bar.list);
        }
    }

    tooltip({dataIndex, dataset, raw}) {
        const bar = this.bars[dataIndex];
        if (this.isDuration) {
            return `${dataset.label} ${this.time(raw)} (${this.number(bar.count)})`;
        }
        if (this.isStacked) {
            return raw ? `${dataset.label}: ${this.number(raw)}` : "";
        }
        if (!this.isRate) {
            return this.number(bar.count);
        }
        const count = `${this.number(bar.count)} / ${this.number(bar.total)}`;
        return `${this.percent(bar.share)} (${count})`;
    }
}
