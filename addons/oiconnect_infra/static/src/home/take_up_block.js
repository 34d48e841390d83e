import {Component} from "@odoo/owl";
import {NumberLine} from "@oiconnect_base/home/blocks";
import {LazyComponent} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** PMs by their take-up: on a small map, then those at each end. */
export class TakeUpBlock extends Component {
    static template = "oiconnect_infra.TakeUpBlock";
    static components = {LazyComponent, NumberLine};
    static props = {block: Object, open: Function, openScreen: Function};

    setup() {
        this.orm = useService("orm");
        this.actions = useService("action");
        this.openPlace = this.openPlace.bind(this);
    }

    get mapProps() {
        const {places, styles, tiles} = this.props.block.more;
        const heat = () => this.orm.silent.call("oiconnect.home", "take_up_heat", []);
        return {places, styles, tiles, open: this.openPlace, legend: true, heat};
    }

    openPlace(id) {
        return this.actions.doAction({
            type: "ir.actions.act_window",
            res_model: this.props.block.more.model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("oiconnect_home_blocks").add("take_up", TakeUpBlock);
