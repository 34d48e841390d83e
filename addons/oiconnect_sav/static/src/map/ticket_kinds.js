import {KINDS, POINT_KINDS} from "@oiconnect_infra/map/map_kinds";
import {_t} from "@web/core/l10n/translation";

/** Open tickets and incidents, above the network; few, so drawn as elements. */
Object.assign(KINDS, {
    ticket: {model: "oiconnect.ticket", label: _t("Tickets"), few: true, radius: 8},
    incident: {
        model: "oiconnect.incident",
        label: _t("Incidents"),
        few: true,
        radius: 10,
    },
});
POINT_KINDS.push("ticket", "incident");
