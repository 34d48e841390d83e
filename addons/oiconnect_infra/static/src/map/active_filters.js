import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {FILTERS} from "./map_filters";
import {KINDS} from "./map_kinds";
import {styleOf} from "./shapes";

/** The filters that are on, each with a cross that takes it off. */
export class ActiveFilters extends Component {
    static template = "oiconnect_infra.ActiveFilters";
    static props = {model: Object, filters: Object, kinds: Array};

    setup() {
        this.names = useService("name");
        this.state = useState({labels: {}});
        onWillStart(() => this.loadNames(this.props));
        onWillUpdateProps((props) => this.loadNames(props));
    }

    async loadNames({filters}) {
        for (const [filter, {model}] of Object.entries(FILTERS)) {
            const ids = filters[filter];
            if (model && ids.length) {
                this.state.labels[filter] = await this.names.loadDisplayNames(
                    model,
                    ids
                );
            }
        }
    }

    labelOf(filter, value) {
        const {model, states} = FILTERS[filter];
        if (!model) {
            return styleOf(this.props.model.settings.states[states], value).label;
        }
        const name = this.state.labels[filter]?.[value];
        return typeof name === "string" ? name : _t("Not readable (%s)", value);
    }

    get chips() {
        const {filters, kinds, model} = this.props;
        const chips = Object.entries(filters).flatMap(([filter, values]) =>
            values.map((value) => ({
                key: `${filter}-${value}`,
                label: this.labelOf(filter, value),
                remove: () =>
                    model.setFilter(
                        filter,
                        values.filter((other) => other !== value)
                    ),
            }))
        );
        const hidden = model.offeredKinds.filter((kind) => !kinds.includes(kind));
        for (const kind of hidden) {
            chips.push({
                key: `kind-${kind}`,
                label: _t("Without: %s", KINDS[kind].label),
                remove: () => model.setKinds([...model.kinds, kind]),
            });
        }
        return chips;
    }
}
