import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {styleOf} from "@oiconnect_infra/map/shapes";
import {VisitMark} from "./visit_mark";
import {VisitsMap} from "./visits_map";

/** The visits of a day: in their order on the left, where they are on the right. */
export class DayMap extends Component {
    static template = "oiconnect_orders.DayMap";
    static components = {Layout, VisitMark};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.actions = useService("action");
        this.canvas = useRef("canvas");
        this.state = useState({
            day: this.props.action.params?.day || null,
            teamId: null,
            picked: null,
            teams: [],
            visits: [],
        });
        onWillStart(() => this.load());
        onMounted(() => this.mount());
        onWillUnmount(() => this.map.destroy());
    }

    async load() {
        const {day, teamId} = this.state;
        const answer = await this.orm.call("oiconnect.appointment", "day_map", [], {
            day,
            team_id: teamId,
        });
        this.states = answer.states;
        this.tiles = answer.tiles;
        Object.assign(this.state, {
            day: answer.day,
            picked: null,
            teams: answer.teams,
            visits: answer.visits,
        });
        this.draw();
    }

    mount() {
        this.map = new VisitsMap(
            this.canvas.el,
            {},
            {
                pick: ([{id}]) => this.pick(id),
                leave: () => this.pick(null),
            }
        );
        this.map.setBase(this.tiles[0]);
        this.draw();
    }

    draw() {
        this.map?.showVisits(this.state.visits, this.states);
        this.map?.frame(this.state.visits);
        this.map?.highlight(null);
    }

    get title() {
        const day = deserializeDate(this.state.day);
        const title = formatDate(day, {format: "cccc d MMMM yyyy"});
        return title[0].toUpperCase() + title.slice(1);
    }

    labelOf({state}) {
        return styleOf(this.states, state).label;
    }

    placeOf(visit) {
        if (visit.is_exact) {
            return "";
        }
        return visit.lat
            ? _t("shown in the middle of the commune")
            : _t("no place known");
    }

    // What one does

    async goTo(day) {
        if (day) {
            this.state.day = day;
            await this.load();
        }
    }

    move(days) {
        return this.goTo(deserializeDate(this.state.day).plus({days}).toISODate());
    }

    today() {
        this.state.day = null;
        return this.load();
    }

    choose(teamId) {
        this.state.teamId = Number(teamId) || null;
        return this.load();
    }

    pick(id) {
        this.state.picked = id;
        const visit = this.state.visits.find((one) => one.id === id);
        this.map.highlight(visit?.lat ? visit : null);
    }

    open(id) {
        return this.actions.doAction({
            type: "ir.actions.act_window",
            res_model: "oiconnect.appointment",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("lazy_components").add("oiconnect_orders.DayMap", DayMap);
