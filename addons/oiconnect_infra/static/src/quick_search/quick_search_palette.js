import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

import {findReference, recordAction, SHORTEST} from "./quick_search";

const NAMESPACE = "=";
const CATEGORY = "oiconnect_reference";

/** The same search in the command palette: Ctrl+K, then "=" and the reference. */
export const referenceProvider = {
    namespace: NAMESPACE,
    async provide(env, {searchValue = ""}) {
        if (searchValue.trim().length < SHORTEST) {
            return [];
        }
        const {groups} = await findReference(env.services.orm, searchValue);
        return groups.flatMap((group) =>
            group.records.map((record) => ({
                category: CATEGORY,
                name: [`${group.label} ${record.name}`, record.detail]
                    .filter(Boolean)
                    .join(" – "),
                action: () =>
                    env.services.action.doAction(
                        recordAction({model: group.model, id: record.id})
                    ),
            }))
        );
    },
};

if (session.oiconnect_quick_search) {
    registry.category("command_setup").add(NAMESPACE, {
        debounceDelay: 250,
        emptyMessage: _t("Nothing has this reference or address"),
        name: _t("references"),
        placeholder: _t("Any reference or address of the network…"),
    });
    registry
        .category("command_categories")
        .add(CATEGORY, {namespace: NAMESPACE, name: _t("References")}, {sequence: 10});
    registry.category("command_provider").add("oiconnect_reference", referenceProvider);
}
