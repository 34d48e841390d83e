import {Component} from "@odoo/owl";

/** Which background is under the objects. */
export class LayersPanel extends Component {
    static template = "oiconnect_infra.LayersPanel";
    static props = {tiles: Array, chosen: String, choose: Function};
}
