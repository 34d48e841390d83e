import {CalendarModel} from "@web/views/calendar/calendar_model";
import {_t} from "@web/core/l10n/translation";
import {calendarView} from "@web/views/calendar/calendar_view";
import {registry} from "@web/core/registry";

/** A calendar of as many records as a browser can draw; it says when there are more. */
export class BoundedCalendarModel extends CalendarModel {
    static LIMIT = 1000;

    async fetchRecords(data) {
        const {activeFields, context, fieldMapping, fieldNames, resModel} = this.meta;
        const {LIMIT} = this.constructor;
        const records = await this.orm.searchRead(
            resModel,
            this.computeDomain(data),
            [...new Set([...fieldNames, ...Object.keys(activeFields)])],
            {context, limit: LIMIT + 1, order: `${fieldMapping.date_start}, id`}
        );
        if (records.length > LIMIT) {
            this.notification.add(
                _t(
                    "Only the first %s are shown: look at a week or a day, or filter by operator.",
                    LIMIT
                ),
                {type: "warning"}
            );
        }
        return records.slice(0, LIMIT);
    }
}

registry.category("views").add("oiconnect_bounded_calendar", {
    ...calendarView,
    Model: BoundedCalendarModel,
});
