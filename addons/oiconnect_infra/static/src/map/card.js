import {Component, useState} from "@odoo/owl";
import {kindOf} from "./map_kinds";
import {ShapeIcon} from "./shape_icon";
import {styleOf} from "./shapes";

/** What is known at a glance of the object that is clicked, and the way to its record. */
export class Card extends Component {
    static template = "oiconnect_infra.MapCard";
    static components = {ShapeIcon};
    static props = {
        model: Object,
        editZone: {type: [Function, Boolean], optional: true},
        openRecord: Function,
    };

    setup() {
        this.model = useState(this.props.model);
    }

    get card() {
        return this.model.card;
    }

    get kind() {
        return kindOf(this.card.model);
    }

    get style() {
        return styleOf(this.model.settings.states[this.kind], this.card.data.state);
    }

    get hasZone() {
        return this.kind === "pm" && this.props.editZone;
    }

    choiceStyle({kind, state}) {
        return styleOf(this.model.states[kind], state);
    }

    retry() {
        this.model.open(this.card.model, this.card.id, this.model.place);
    }
}
