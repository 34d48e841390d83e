import {Component, onWillStart, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {router} from "@web/core/browser/router";
import {download} from "@web/core/network/download";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {ChartCard} from "./chart_card";
import {StatisticsFilters} from "./statistics_filters";

const NO_FILTERS = {
    date_from: false,
    date_to: false,
    operator_ids: [],
    network_ids: [],
};

const ids = (text) => String(text).split(",").map(Number).filter(Boolean);

/** A page of statistics: filters above, a card for each chart. */
export class StatisticsPage extends Component {
    static template = "oiconnect_statistics.Page";
    static components = {Layout, ChartCard, StatisticsFilters};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.actions = useService("action");
        this.display = {controlPanel: {}};
        this.page = this.props.action.params.page;
        this.state = useState({
            shown: null,
            charts: {},
            filters: {...NO_FILTERS},
            dimension: null,
        });
        useSetupAction({getLocalState: () => ({statistics: this.chosen})});
        onWillStart(() => this.start());
    }

    get chosen() {
        return {filters: {...this.state.filters}, dimension: this.state.dimension};
    }

    get storedKey() {
        return `oiconnect_statistics.${user.userId}.${this.page}`;
    }

    async start() {
        const shown = await this.orm.call("oiconnect.statistics", "read_page", [
            this.page,
        ]);
        this.usual = {...NO_FILTERS, ...shown.filters};
        const {filters, dimension} = this.opening();
        const known = shown.dimensions.map(([name]) => name);
        this.state.shown = shown;
        this.state.filters = {...this.usual, ...filters};
        this.usualDimension = known[0];
        this.state.dimension = known.includes(dimension) ? dimension : known[0];
        this.env.config.setDisplayName(shown.title);
        // Not awaited: each chart is drawn as soon as it is there.
        this.load();
    }

    /** What the page opens with: the list left, the address, or the last time. */
    opening() {
        if (this.props.state?.statistics) {
            return this.props.state.statistics;
        }
        const current = router.current;
        if (current.statistics === this.page) {
            return {
                filters: {
                    date_from: current.from || false,
                    date_to: current.to || false,
                    operator_ids: ids(current.operators || ""),
                    network_ids: ids(current.networks || ""),
                },
                dimension: current.by,
            };
        }
        try {
            return JSON.parse(browser.localStorage.getItem(this.storedKey)) || {};
        } catch {
            return {};
        }
    }

    remember() {
        const {filters, dimension} = this.state;
        this.props.updateActionState({
            statistics: this.page,
            from: filters.date_from || undefined,
            to: filters.date_to || undefined,
            operators: filters.operator_ids.join(",") || undefined,
            networks: filters.network_ids.join(",") || undefined,
            by: dimension || undefined,
        });
        // The usual days move on by themselves: only what was chosen is stored.
        const usual = {filters: this.usual, dimension: this.usualDimension};
        if (JSON.stringify(this.chosen) === JSON.stringify(usual)) {
            browser.localStorage.removeItem(this.storedKey);
        } else {
            browser.localStorage.setItem(this.storedKey, JSON.stringify(this.chosen));
        }
    }

    async load() {
        this.remember();
        const {filters, dimension} = this.state;
        const chosen = {...filters};
        const round = (this.round = (this.round || 0) + 1);
        for (const {key} of this.state.shown.charts) {
            const answer = await this.orm.call("oiconnect.statistics", "read_chart", [
                this.page,
                key,
                chosen,
                dimension || false,
            ]);
            if (round !== this.round) {
                // Filters have changed meanwhile: another round is on its way.
                return;
            }
            this.state.charts[key] = answer;
        }
    }

    onFilters(filters) {
        this.state.filters = filters;
        return this.load();
    }

    onDimension(dimension) {
        this.state.dimension = dimension;
        this.state.charts = {};
        return this.load();
    }

    clear() {
        return this.onFilters({...this.usual});
    }

    open({list, title}) {
        return this.actions.doAction({
            type: "ir.actions.act_window",
            name: title,
            res_model: list.model,
            domain: list.domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            context: {active_test: false, create: false},
        });
    }

    file(extension) {
        const data = {filters: JSON.stringify(this.state.filters)};
        if (this.state.dimension) {
            data.dimension = this.state.dimension;
        }
        return download({url: `/oiconnect/statistics/${this.page}.${extension}`, data});
    }
}

registry.category("actions").add("oiconnect_statistics", StatisticsPage);
