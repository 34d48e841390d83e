import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {kindOf} from "./map_kinds";
import {StaleAnswer} from "./map_server";
import {messageOf} from "./map_model";
import {ShapeIcon} from "./shape_icon";

const DELAY = 250;
/** The server searches no less. */
const SHORTEST = 3;

/** What is known of our objects, or of the addresses. */
function part(status = "idle") {
    return {status, found: [], message: ""};
}

/** The magnifier: our objects first, then addresses; arrows and Enter as in any list. */
export class SearchBox extends Component {
    static template = "oiconnect_infra.MapSearch";
    static components = {ShapeIcon};
    static props = {model: Object, goTo: Function, close: Function};

    setup() {
        this.input = useRef("input");
        this.state = useState({
            text: "",
            own: part(),
            addresses: part(),
            active: 0,
        });
        onMounted(() => this.input.el.focus());
        onWillUnmount(() => {
            clearTimeout(this.timer);
            this.abort();
        });
    }

    /** Our objects, then the addresses of France: where each is requested. */
    get parts() {
        const {address_search: allowed} = this.props.model.settings;
        return {own: "search", ...(allowed ? {addresses: "addresses"} : {})};
    }

    abort() {
        this.props.model.server.abort("search", "addresses");
    }

    /** "idle", "loading" while any part is awaited, or "ready". */
    get status() {
        const statuses = Object.keys(this.parts).map((name) => this.state[name].status);
        return ["loading", "ready"].find((one) => statuses.includes(one)) || "idle";
    }

    get messages() {
        return [this.state.own.message, this.state.addresses.message].filter(Boolean);
    }

    get results() {
        const own = this.state.own.found.map((found) => ({
            ...found,
            kind: kindOf(found.model),
        }));
        return [...own, ...this.state.addresses.found];
    }

    get activeId() {
        return this.results.length ? `o_oic_map_found_${this.state.active}` : null;
    }

    shapeOf({kind}) {
        return this.props.model.settings.states[kind]?.[0]?.[3];
    }

    onInput(event) {
        this.state.text = event.target.value;
        clearTimeout(this.timer);
        this.hurried = false;
        if (this.state.text.trim().length < SHORTEST) {
            this.abort();
            Object.assign(this.state, {own: part(), addresses: part()});
        } else {
            this.timer = setTimeout(() => this.search(), DELAY);
        }
    }

    /** Our objects are shown at once, the addresses of others when they come. */
    search() {
        this.timer = null;
        const text = this.state.text.trim();
        return Promise.all(
            Object.entries(this.parts).map(([name, route]) =>
                this.searchPart(name, route, text)
            )
        );
    }

    async searchPart(name, route, text) {
        this.state[name].status = "loading";
        try {
            const answer = await this.props.model.server.ask(route, {text});
            this.state[name] = {status: "ready", ...answer};
        } catch (error) {
            if (error instanceof StaleAnswer) {
                return;
            }
            this.state[name] = {...part("ready"), message: messageOf(error)};
        }
        if (name === "own") {
            this.state.active = 0;
        }
        this.hurry();
    }

    /** Go where Enter was to lead, once it is known. */
    hurry() {
        const {own, addresses} = this.state;
        if (this.hurried && own.status !== "loading") {
            const known = [own, addresses].find(
                ({status, found}) => status === "ready" && found.length
            );
            known && this.choose(known.found[0]);
        }
    }

    /** Enter before the answer goes to the first place of it. */
    onEnter() {
        const waits = this.timer || this.state.own.status === "loading";
        if (!waits && this.results.length) {
            this.choose(this.results[this.state.active]);
        } else if (this.state.text.trim().length >= SHORTEST) {
            this.hurried = true;
            if (this.timer) {
                clearTimeout(this.timer);
                this.search();
            }
        }
    }

    onKeydown(event) {
        const count = this.results.length;
        const moves = {ArrowDown: 1, ArrowUp: -1};
        if (event.key === "Escape") {
            event.stopPropagation();
            this.props.close();
        } else if (event.key === "Enter") {
            this.onEnter();
        } else if (event.key in moves && count) {
            event.preventDefault();
            this.state.active = (this.state.active + moves[event.key] + count) % count;
        }
    }

    choose(found) {
        this.hurried = false;
        this.props.goTo(found);
    }
}
