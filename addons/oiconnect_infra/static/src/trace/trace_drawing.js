import {Component, markup, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** In a form: the drawing of the optical routes that a field of the record lists. */
export class TraceDrawing extends Component {
    static template = "oiconnect_infra.TraceDrawing";
    static props = {...standardWidgetProps, routes: String};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({drawings: []});
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load({record, routes}) {
        const {resModel, currentIds} = record.data[routes];
        const key = currentIds.join();
        if (key === this.key) {
            return;
        }
        this.key = key;
        const shown = await Promise.all(
            currentIds.map((id) =>
                this.orm.call("oiconnect.trace", "show", [resModel, id])
            )
        );
        this.state.drawings = shown.map(({id, svg}) => ({id, svg: markup(svg)}));
    }

    /** A click on a part of the drawing opens its record. */
    onDrawing(ev) {
        if (ev.type === "keydown" && ev.key !== "Enter") {
            return;
        }
        const part = ev.target.closest("[data-model]");
        if (part) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: part.dataset.model,
                res_id: Number(part.dataset.id),
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("view_widgets").add("oiconnect_trace_drawing", {
    component: TraceDrawing,
    extractProps: ({options}) => ({routes: options.routes}),
});
