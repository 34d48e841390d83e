import {Component, onWillStart, useExternalListener, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {FirstSteps} from "./first_steps";

const MODEL = "oiconnect.home";
/** Milliseconds after which the numbers are requested again when one comes back. */
const FRESH = 30000;

/** The first screen: numbers of the server, each of which opens its list. */
export class Home extends Component {
    static template = "oiconnect_base.Home";
    static components = {FirstSteps, Layout};
    static props = {...standardActionServiceProps};
    static path = "oiconnect-home";
    static displayName = _t("Home");

    setup() {
        this.orm = useService("orm");
        this.actions = useService("action");
        this.state = useState({page: null});
        this.display = {controlPanel: {}};
        this.open = this.open.bind(this);
        this.openScreen = this.openScreen.bind(this);
        this.hideStart = this.hideStart.bind(this);
        useExternalListener(document, "visibilitychange", () => this.comeBack());
        onWillStart(() => this.load());
    }

    async load() {
        const page = await this.orm.silent.call(MODEL, "page", []);
        this.loaded = Date.now();
        this.state.page = page;
    }

    /** Another tab of the browser was looked at meanwhile. */
    async comeBack() {
        if (!document.hidden && Date.now() - this.loaded > FRESH) {
            await this.load();
        }
    }

    componentOf({kind}) {
        return registry.category("oiconnect_home_blocks").get(kind);
    }

    get isEmpty() {
        const {blocks, start} = this.state.page;
        return !blocks.length && (!start || start.is_hidden);
    }

    // What one does

    /** Open the list of a number: what it counts, and nothing else. */
    open({action, domain, label}) {
        return this.actions.doAction({
            ...this.state.page.actions[action],
            domain,
            name: label,
        });
    }

    openScreen(name, viewType) {
        return this.actions.doAction(name, viewType ? {viewType} : {});
    }

    async hideStart(hidden) {
        await this.orm.call(MODEL, "hide_start", [hidden]);
        await this.load();
    }
}

registry.category("actions").add("oiconnect_base.home", Home);
