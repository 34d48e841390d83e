import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

const DAYS = 7;

/** Free slots of a week: a column for each day, hours and teams one under the other. */
export class SlotWeek extends Component {
    static template = "oiconnect_orders.SlotWeek";
    static props = {...standardFieldProps, firstDay: String};

    setup() {
        this.action = useService("action");
    }

    /** The days of the week with their slots, those of a day by their hours. */
    get days() {
        const {record, name, firstDay} = this.props;
        const slots = record.data[name].records;
        return Array.from({length: DAYS}, (_day, rank) => {
            const date = record.data[firstDay].plus({days: rank});
            return {
                key: date.toISODate(),
                title: date.toFormat("ccc d MMM"),
                slots: slots.filter(({data}) => data.day.hasSame(date, "day")),
            };
        });
    }

    /** The name of the team where all slots are of one: it is said once. */
    get onlyTeam() {
        const slots = this.props.record.data[this.props.name].records;
        const names = new Set(slots.map(({data}) => data.team_id.display_name));
        return names.size === 1 ? [...names][0] : "";
    }

    labelOf({data}, {title}) {
        return _t("Take this slot: %(day)s %(hours)s, %(team)s", {
            day: title,
            hours: data.hours,
            team: data.team_id.display_name,
        });
    }

    /** Takes a slot for what is typed in the form; once refused, the week is read anew. */
    async take({resModel, resId}) {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        try {
            await this.action.doActionButton({
                type: "object",
                name: "action_take",
                resModel,
                resId,
                onClose: () => record.model.root.load(),
            });
        } catch (error) {
            await record.model.orm.call(record.resModel, "action_search", [
                [record.resId],
            ]);
            await record.load();
            throw error;
        }
    }
}

registry.category("fields").add("oiconnect_slot_week", {
    component: SlotWeek,
    displayName: _t("Week of slots"),
    supportedTypes: ["one2many"],
    useSubView: true,
    extractProps: ({options}) => ({firstDay: options.first_day}),
});
