import {Component, onMounted, onPatched, useRef, xml} from "@odoo/owl";
import {visitMark} from "./visits_map";

/** In the list, the mark that the visit has on the map. */
export class VisitMark extends Component {
    static template = xml`<span t-ref="mark" class="o_oic_day_mark" />`;
    static props = {visit: Object, states: Array};

    setup() {
        this.mark = useRef("mark");
        onMounted(() => this.draw());
        onPatched(() => this.draw());
    }

    draw() {
        const {states, visit} = this.props;
        this.mark.el.replaceChildren(visitMark(states, visit));
    }
}
