import {Component} from "@odoo/owl";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";

const {DateTime} = luxon;

/** Days, operators and networks of a page; and by what its rates are split. */
export class StatisticsFilters extends Component {
    static template = "oiconnect_statistics.Filters";
    static components = {MultiRecordSelector};
    static props = {
        filters: Object,
        dimensions: Array,
        dimension: {optional: true},
        update: Function,
        split: Function,
        clear: Function,
    };

    get realNetworks() {
        return [["is_sandbox", "=", false]];
    }

    change(values) {
        this.props.update({...this.props.filters, ...values});
    }

    onDate(name, ev) {
        // A date that is half typed is none yet.
        if (ev.target.validity.valid) {
            this.change({[name]: ev.target.value || false});
        }
    }

    onPeriod(ev) {
        const period = PERIODS[ev.target.value];
        ev.target.value = "";
        if (period) {
            const [from, to] = period(DateTime.now());
            this.change({date_from: from.toISODate(), date_to: to.toISODate()});
        }
    }
}

const PERIODS = {
    month: (now) => [now.startOf("month"), now.endOf("month")],
    last_month: (now) => {
        const before = now.minus({months: 1});
        return [before.startOf("month"), before.endOf("month")];
    },
    year: (now) => [now.startOf("year"), now.endOf("year")],
    last_year: (now) => {
        const before = now.minus({years: 1});
        return [before.startOf("year"), before.endOf("year")];
    },
};
