import {Component} from "@odoo/owl";
import {NumberLine} from "@oiconnect_base/home/blocks";
import {LazyComponent} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** Today's visits on a small map, the next ones by their hours, and their numbers. */
export class VisitsBlock extends Component {
    static template = "oiconnect_orders.VisitsBlock";
    static components = {LazyComponent, NumberLine};
    static props = {block: Object, open: Function, openScreen: Function};

    setup() {
        this.actions = useService("action");
        this.openVisit = this.openVisit.bind(this);
    }

    get mapProps() {
        const {places, styles, tiles} = this.props.block.more;
        return {places, styles, tiles, open: this.openVisit};
    }

    /** Opens a visit; the others of the block are before and after it. */
    openVisit(id) {
        const {places, next} = this.props.block.more;
        const resIds = [...new Set([...next, ...places].map((visit) => visit.id))];
        return this.actions.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "oiconnect.appointment",
                res_id: id,
                views: [[false, "form"]],
            },
            {props: {resIds}}
        );
    }
}

registry.category("oiconnect_home_blocks").add("visits", VisitsBlock);
