import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {registry} from "@web/core/registry";
import {useEffect} from "@odoo/owl";

const MOST_URGENT = ["late", "soon"];
const NOTHING = 4;

/** How much a record waits for somebody: the less, the more urgent. */
function urgency({data}) {
    const rank = MOST_URGENT.indexOf(data.due_state);
    if (rank >= 0) {
        return rank;
    }
    return data.todo_kind === false ? NOTHING - 1 : MOST_URGENT.length;
}

/** A board; a telephone, which shows one column, opens it where something is to do. */
export class BoardRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        useEffect(
            (isReady) => isReady && this.showMostUrgent(),
            () => [this.env.isSmall && this.props.list.groups?.length > 0]
        );
    }

    showMostUrgent() {
        const ranks = this.getGroupsOrRecords().map(({group}) => ({
            id: group.id,
            rank: Math.min(NOTHING, ...group.list.records.map(urgency)),
        }));
        const least = Math.min(...ranks.map(({rank}) => rank));
        const {id} = ranks.find(({rank}) => rank === least);
        this.rootRef.el
            .querySelector(`.o_kanban_group[data-id="${id}"]`)
            .scrollIntoView({block: "nearest", inline: "center"});
    }
}

export const boardView = {...kanbanView, Renderer: BoardRenderer};

registry.category("views").add("oiconnect_board", boardView);
