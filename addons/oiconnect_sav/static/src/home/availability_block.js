import {Component} from "@odoo/owl";
import {NumberLine} from "@oiconnect_base/home/blocks";
import {registry} from "@web/core/registry";

/** A share in large, then the numbers that it is made of. */
export class AvailabilityBlock extends Component {
    static template = "oiconnect_sav.AvailabilityBlock";
    static components = {NumberLine};
    static props = {block: Object, open: Function, openScreen: Function};
}

registry.category("oiconnect_home_blocks").add("availability", AvailabilityBlock);
