/* global Chart */
import {Component, onWillStart, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";

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

    // Drawing

    draw(chart) {
        this.drawn?.destroy();
        this.drawn = null;
        if (chart && this.canvas.el && !this.isEmpty) {
            this.drawn = new Chart(this.canvas.el, this.settings(chart));
        }
    }

    settings(chart) {
        const style = getComputedStyle(this.canvas.el);
        const horizontal = !chart.by_month;
        const values = {
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
            ticks: {color: style.color, autoSkip: !horizontal},
            grid: {display: false},
        };
        return {
            type: "bar",
            data: {
                labels: chart.bars.map(({label}) =>
                    horizontal ? linesOf(label) : label
                ),
                datasets: [
                    {
                        data: chart.bars.map((bar) =>
                            chart.is_rate ? 100 * (bar.share || 0) : bar.count
                        ),
                        backgroundColor: style.getPropertyValue("--oic-bar").trim(),
                        maxBarThickness: BAR,
                    },
                ],
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
                onClick: (_ev, [hit]) => {
                    const bar = hit && chart.bars[hit.index];
                    if (bar) {
                        this.open(bar, bar.list);
                    }
                },
                onHover: (ev, hits) => {
                    const leads = hits.length && chart.bars[hits[0].index].list;
                    ev.native.target.style.cursor = leads ? "pointer" : "default";
                },
            },
        };
    }

    tooltip({dataIndex}) {
        const bar = this.bars[dataIndex];
        if (!this.isRate) {
            return this.number(bar.count);
        }
        const count = `${this.number(bar.count)} / ${this.number(bar.total)}`;
        return `${this.percent(bar.share)} (${count})`;
    }
}
