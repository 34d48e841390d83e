import {FiltersPanel} from "@oiconnect_infra/map/filters_panel";
import {FILTERS} from "@oiconnect_infra/map/map_filters";
import {RecordSelector} from "@web/core/record_selectors/record_selector";

/** PMs by what one operator has there, for users who may read PM services. */
Object.assign(FILTERS, {
    operator_ids: {
        key: "operator",
        model: "oiconnect.operator",
        states: "presence",
        colours: "pm",
    },
    presence: {key: "presence", states: "presence", needs: "operator_ids"},
});
Object.assign(FiltersPanel.components, {RecordSelector});
