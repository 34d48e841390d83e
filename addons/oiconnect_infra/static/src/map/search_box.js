import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {kindOf} from "./map_kinds";
import {StaleAnswer} from "./map_server";
import {messageOf} from "./map_model";
import {ShapeIcon} from "./shape_icon";

const DELAY = 250;
/** The server searches no less. */
const SHORTEST = 3;

/** The magnifier: our objects first, then addresses; arrows and Enter as in any list. */
export class SearchBox extends Component {
    static template = "oiconnect_infra.MapSearch";
    static components = {ShapeIcon};
    static props = {model: Object, goTo: Function, close: Function};

    setup() {
        this.input = useRef("input");
        this.state = useState({
            status: "idle",
            text: "",
            own: [],
            addresses: [],
            message: "",
            active: 0,
        });
        onMounted(() => this.input.el.focus());
        onWillUnmount(() => {
            clearTimeout(this.timer);
            this.props.model.server.abort("search");
        });
    }

    get results() {
        const own = this.state.own.map((found) => ({
            ...found,
            kind: kindOf(found.model),
        }));
        return [...own, ...this.state.addresses];
    }

    get activeId() {
        return this.results.length ? `o_oic_map_found_${this.state.active}` : null;
    }

    shapeOf({kind}) {
        return kind === "link"
            ? undefined
            : this.props.model.settings.states[kind]?.[0]?.[3];
    }

    onInput(event) {
        this.state.text = event.target.value;
        clearTimeout(this.timer);
        if (this.state.text.trim().length < SHORTEST) {
            this.props.model.server.abort("search");
            Object.assign(this.state, {status: "idle", own: [], addresses: []});
        } else {
            this.timer = setTimeout(() => this.search(), DELAY);
        }
    }

    async search() {
        this.state.status = "loading";
        try {
            const found = await this.props.model.server.ask("search", {
                text: this.state.text.trim(),
            });
            Object.assign(this.state, {
                status: "ready",
                own: found.own,
                addresses: found.addresses,
                message: found.address_error || "",
                active: 0,
            });
        } catch (error) {
            if (!(error instanceof StaleAnswer)) {
                const message = messageOf(error);
                Object.assign(this.state, {
                    status: "error",
                    own: [],
                    addresses: [],
                    message,
                });
            }
        }
    }

    onKeydown(event) {
        const count = this.results.length;
        const moves = {ArrowDown: 1, ArrowUp: -1};
        if (event.key === "Escape") {
            event.stopPropagation();
            this.props.close();
        } else if (event.key === "Enter" && count) {
            this.choose(this.results[this.state.active]);
        } else if (event.key in moves && count) {
            event.preventDefault();
            this.state.active = (this.state.active + moves[event.key] + count) % count;
        }
    }

    choose(found) {
        this.props.goTo(found);
    }
}
