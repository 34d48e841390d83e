import {Component, onWillStart, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {ChartCard} from "./chart_card";
import {openList} from "./lists";
import {Tiles} from "./tiles";

const MODEL = "oiconnect.statistics";
const blockProps = {block: Object, open: Function, openScreen: Function};

/** What is counted after the page is shown, which waits for nothing. */
class CountedBlock extends Component {
    static props = blockProps;

    setup() {
        this.orm = useService("orm");
        this.actions = useService("action");
        this.open = (lead) => openList(this.actions, lead);
        this.state = useState({});
        onWillStart(() => {
            this.load();
        });
    }
}

/** The tiles of the manager. */
export class FiguresBlock extends CountedBlock {
    static template = "oiconnect_statistics.HomeFigures";
    static components = {Tiles};

    async load() {
        this.state.tiles = await this.orm.silent.call(MODEL, "read_home_tiles", []);
    }
}

/** The charts that the user has put on the home page. */
export class ChartsBlock extends CountedBlock {
    static template = "oiconnect_statistics.HomeCharts";
    static components = {ChartCard};

    get charts() {
        return this.props.block.more.charts;
    }

    async load() {
        for (const {page, key} of this.charts) {
            this.state[`${page}.${key}`] = await this.orm.silent.call(
                MODEL,
                "read_home_chart",
                [page, key]
            );
        }
    }
}

registry
    .category("oiconnect_home_blocks")
    .add("statistics_figures", FiguresBlock)
    .add("statistics_charts", ChartsBlock);
