import {Component} from "@odoo/owl";
import {markOf, partsOf, pathOf} from "./shapes";

/**
 * The shape of a state as a small picture, for the legend, the card and the filters; a
 * line for links, an outline for zones.
 */
export class ShapeIcon extends Component {
    static template = "oiconnect_infra.ShapeIcon";
    static props = {
        shape: {type: String, optional: true},
        colour: {type: String, optional: true},
        dash: {type: String, optional: true},
        fill: {type: String, optional: true},
        size: {type: Number, optional: true},
    };
    static defaultProps = {colour: "#6c757d", fill: "solid", size: 16};

    get path() {
        return pathOf(this.props.shape);
    }

    get parts() {
        return partsOf(this.props.fill).map(([x, y, width, height]) => ({
            x,
            y,
            width,
            height,
            viewBox: [x, y, width, height].join(" "),
        }));
    }

    get mark() {
        return markOf(this.props.fill);
    }
}
