import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const blockProps = {block: Object, open: Function, openScreen: Function};

/** A number in a line with what it counts. */
export class NumberLine extends Component {
    static template = "oiconnect_base.HomeNumber";
    static props = {number: Object, open: Function};
}

/** Numbers one under the other. */
export class NumbersBlock extends Component {
    static template = "oiconnect_base.HomeNumbers";
    static components = {NumberLine};
    static props = blockProps;
}

/** Numbers by row and column, and the next things to do. */
export class WorkBlock extends Component {
    static template = "oiconnect_base.HomeWork";
    static props = blockProps;

    setup() {
        this.orm = useService("orm");
        this.actions = useService("action");
    }

    get columns() {
        return Object.entries(this.props.block.more.columns);
    }

    get rows() {
        const {more, numbers} = this.props.block;
        return Object.entries(more.rows)
            .map(([key, label]) => ({
                key,
                label,
                numbers: numbers.filter((number) => number.more.row === key),
            }))
            .filter((row) => row.numbers.length);
    }

    /** Opens what is to do; what else is to do of its kind is before and after it. */
    async openTodo({id, model}) {
        const found = await this.orm.call("oiconnect.todo", "action_open_record", [
            [id],
        ]);
        const same = this.props.block.more.todos.filter((todo) => todo.model === model);
        const resIds = [...new Set(same.map((todo) => todo.record_id))];
        await this.actions.doAction(found, {props: {resIds}});
    }
}

/** A bar for each number, in their order. */
export class BarsBlock extends Component {
    static template = "oiconnect_base.HomeBars";
    static components = {NumberLine};
    static props = blockProps;

    get bars() {
        return this.props.block.numbers.filter((number) => number.more.bar);
    }

    get others() {
        return this.props.block.numbers.filter((number) => !number.more.bar);
    }

    /** Percents of the highest bar; what is not zero is seen. */
    heightOf({count}) {
        const most = Math.max(1, ...this.bars.map((bar) => bar.count));
        return count ? Math.max(3, Math.round((100 * count) / most)) : 0;
    }
}

registry
    .category("oiconnect_home_blocks")
    .add("numbers", NumbersBlock)
    .add("work", WorkBlock)
    .add("bars", BarsBlock);
