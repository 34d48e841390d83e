import {Component} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {isSandbox} from "@oiconnect_base/sandbox/sandbox";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";

const {DateTime} = luxon;

/** Days, operators and networks of a page; and by what its rates are split. */
export class StatisticsFilters extends Component {
    static template = "oiconnect_statistics.Filters";
    static components = {DateTimeInput, MultiRecordSelector};
    static props = {
        filters: Object,
        dimensions: Array,
        dimension: {optional: true},
        update: Function,
        split: Function,
        clear: Function,
    };

    get shownNetworks() {
        return [["is_sandbox", "=", isSandbox]];
    }

    /** The periods that one click chooses; the one that is shown is marked. */
    get periods() {
        const {date_from, date_to} = this.props.filters;
        return PERIODS.map(({name, label, unit, ago}) => {
            const day = DateTime.now().minus({[`${unit}s`]: ago});
            const dates = {
                date_from: serializeDate(day.startOf(unit)),
                date_to: serializeDate(day.endOf(unit)),
            };
            const isChosen = dates.date_from === date_from && dates.date_to === date_to;
            return {name, label, dates, isChosen};
        });
    }

    day(name) {
        const text = this.props.filters[name];
        return text ? deserializeDate(text) : false;
    }

    onDay(name, day) {
        this.change({[name]: day ? serializeDate(day) : false});
    }

    change(values) {
        this.props.update({...this.props.filters, ...values});
    }
}

const PERIODS = [
    {name: "month", label: _t("This month"), unit: "month", ago: 0},
    {name: "last_month", label: _t("Last month"), unit: "month", ago: 1},
    {name: "year", label: _t("This year"), unit: "year", ago: 0},
    {name: "last_year", label: _t("Last year"), unit: "year", ago: 1},
];
