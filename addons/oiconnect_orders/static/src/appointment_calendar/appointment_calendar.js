import {BoundedCalendarModel} from "../bounded_calendar/bounded_calendar";
import {CalendarCommonRenderer} from "@web/views/calendar/calendar_common/calendar_common_renderer";
import {CalendarRenderer} from "@web/views/calendar/calendar_renderer";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {calendarView} from "@web/views/calendar/calendar_view";
import {registry} from "@web/core/registry";
import {serializeDateTime} from "@web/core/l10n/dates";
import {user} from "@web/core/user";

/** Visits move from slot to slot: what is dragged goes to the free one that is there. */
export class AppointmentCalendarModel extends BoundedCalendarModel {
    static services = [...BoundedCalendarModel.services, "dialog"];

    setup(params, services) {
        super.setup(params, services);
        this.dialog = services.dialog;
    }

    async load(params) {
        this.mayMove ??= await user.checkAccessRight(this.meta.resModel, "write");
        return super.load(params);
    }

    get canEdit() {
        return Boolean(this.mayMove);
    }

    async updateRecord({id, start}) {
        const {resModel} = this.meta;
        const move = async () => {
            const when = serializeDateTime(start);
            await this.orm
                .call(resModel, "action_move_to", [[id], when])
                .finally(() => this.load());
        };
        this.dialog.add(ConfirmationDialog, {
            body: _t("Move the visit to %s? Its operator is told.", whenText(start)),
            confirmLabel: _t("Move"),
            confirm: move,
            cancel: () => this.load(),
            dismiss: () => this.load(),
        });
    }
}

function whenText(start) {
    return start.toLocaleString(luxon.DateTime.DATETIME_MED_WITH_WEEKDAY);
}

/** A visit is as long as its slot. */
class AppointmentCommonRenderer extends CalendarCommonRenderer {
    get options() {
        return {...super.options, eventDurationEditable: false};
    }
}

class AppointmentCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: AppointmentCommonRenderer,
        week: AppointmentCommonRenderer,
        month: AppointmentCommonRenderer,
    };
}

registry.category("views").add("oiconnect_appointment_calendar", {
    ...calendarView,
    Model: AppointmentCalendarModel,
    Renderer: AppointmentCalendarRenderer,
});
