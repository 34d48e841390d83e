import {DateTimeField, dateField} from "@web/views/fields/datetime/datetime_field";
import {registry} from "@web/core/registry";

/** A date that stands for its month: "octobre 2026". */
export class MonthField extends DateTimeField {
    getFormattedValue(valueIndex) {
        const value = this.values[valueIndex];
        return value ? value.toFormat("LLLL yyyy") : "";
    }
}

export const monthField = {...dateField, component: MonthField};

registry.category("fields").add("oiconnect_month", monthField);
