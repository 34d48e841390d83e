import {Component, markup, onWillStart, useState} from "@odoo/owl";
import {router} from "@web/core/browser/router";
import {_t} from "@web/core/l10n/translation";
import {download} from "@web/core/network/download";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

const PAGE = 12;

/** The optical paths through one object: a drawing, and the same as a table. */
export class TraceScreen extends Component {
    static template = "oiconnect_infra.TraceScreen";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        // After a reload only the address tells where one was.
        const given = this.props.action.params || {};
        const params = given.trace_model ? given : router.current;
        this.origin = {model: params.trace_model, id: Number(params.trace_id)};
        this.state = useState({
            shown: null,
            mode: params.mode === "table" ? "table" : "drawing",
            tube: params.tube || false,
            offset: 0,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const {model, id} = this.origin;
        const {tube, offset} = this.state;
        if (!model || !id) {
            return;
        }
        const shown = await this.orm.call("oiconnect.trace", "show", [
            model,
            id,
            tube,
            offset,
            PAGE,
        ]);
        this.state.shown = shown;
        this.state.tube = shown.tube || false;
        this.env.config.setDisplayName(shown.title);
        this.keepInUrl();
    }

    keepInUrl() {
        this.props.updateActionState({
            trace_model: this.origin.model,
            trace_id: this.origin.id,
            tube: this.state.tube || undefined,
            mode: this.state.mode === "table" ? "table" : undefined,
        });
    }

    get drawing() {
        return markup(this.state.shown.svg || "");
    }

    get pages() {
        const {offset, limit, total} = this.state.shown;
        return total > limit
            ? _t("%(first)s-%(last)s of %(total)s", {
                  first: offset + 1,
                  last: Math.min(offset + limit, total),
                  total,
              })
            : "";
    }

    get serious() {
        return this.state.shown.flaws.filter((flaw) => !flaw.mild);
    }

    get mild() {
        return this.state.shown.flaws.filter((flaw) => flaw.mild);
    }

    setMode(mode) {
        this.state.mode = mode;
        this.keepInUrl();
    }

    turn(step) {
        const {offset, limit, total} = this.state.shown;
        const next = offset + step * limit;
        if (next >= 0 && next < total) {
            this.state.offset = next;
            return this.load();
        }
    }

    chooseTube(ev) {
        this.state.tube = ev.target.value;
        this.state.offset = 0;
        return this.load();
    }

    // ------------------------------------------------------------------

    /** A click on a part of the drawing opens its record. */
    onDrawing(ev) {
        if (ev.type === "keydown" && ev.key !== "Enter") {
            return;
        }
        const part = ev.target.closest("[data-model]");
        if (!part) {
            return;
        }
        const {model, id, flaw} = part.dataset;
        const found =
            flaw &&
            this.state.shown.flaws.find(
                (other) => other.code === flaw && other.id === Number(id)
            );
        return found ? this.fix(found) : this.open(model, Number(id));
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    fix(flaw) {
        if (!flaw.fix.action) {
            return this.open(flaw.model, flaw.id);
        }
        return this.action.doAction(flaw.fix.action, {
            additionalContext: {...flaw.fix.context},
            // Nothing to wait for: a screen that is left for another never answers,
            // and the dialogue would stay open above it.
            onClose: () => {
                this.load();
            },
        });
    }

    /** The paths through another object, from here. */
    async follow(model, id) {
        const action = await this.orm.call(model, "action_trace", [[id]]);
        return this.action.doAction(action);
    }

    // ------------------------------------------------------------------

    print() {
        return this.action.doAction({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: "oiconnect_infra.report_trace",
            report_file: "oiconnect_infra.report_trace",
            name: this.state.shown.title,
            data: {
                trace_model: this.origin.model,
                trace_id: this.origin.id,
                tube: this.state.tube || false,
            },
            context: {},
        });
    }

    file(form) {
        const data = {model: this.origin.model, id: this.origin.id};
        if (this.state.tube) {
            data.tube = this.state.tube;
        }
        return download({url: `/oiconnect/trace/${form}`, data});
    }
}

registry.category("actions").add("oiconnect_trace", TraceScreen);
