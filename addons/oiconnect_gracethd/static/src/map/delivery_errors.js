import {FILTERS} from "@oiconnect_infra/map/map_filters";
import {KINDS, POINT_KINDS} from "@oiconnect_infra/map/map_kinds";
import {_t} from "@web/core/l10n/translation";

/** What is wrong with one delivery, where it is: above the network, while it is chosen. */
Object.assign(FILTERS, {
    import_ids: {key: "import", model: "oiconnect.import", states: "delivery_error"},
});
Object.assign(KINDS, {
    delivery_error: {
        model: "oiconnect.import.error",
        label: _t("Errors of the delivery"),
        few: true,
        needs: "import_ids",
        radius: 9,
    },
});
POINT_KINDS.push("delivery_error");
