import {FormController} from "@web/views/form/form_controller";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {boardView} from "../board/board";
import {listView} from "@web/views/list/list_view";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {usePager} from "@web/search/pager_hook";
import {useService} from "@web/core/utils/hooks";

/** The work list as it was when one of its things was opened: they are done in turn. */
export const workListService = {
    dependencies: ["action", "orm"],

    start(env, {action, orm}) {
        let todoIds = [];
        const opened = {};

        async function open(todoId, options) {
            const found = await orm.call("oiconnect.todo", "action_open_record", [
                [todoId],
            ]);
            opened[todoId] = found;
            await action.doAction(found, {
                ...options,
                additionalContext: {oiconnect_todo_id: todoId},
            });
        }

        return {
            openFrom(records, {resId}, options) {
                todoIds = records.map((record) => record.resId);
                return open(resId, options);
            },

            /** The pager of a form that was opened for a thing to do, null for others. */
            pagerOf({resModel, resId, context}) {
                const todoId = context?.oiconnect_todo_id;
                const found = opened[todoId];
                if (found?.res_model !== resModel || found.res_id !== resId) {
                    return null;
                }
                return {
                    offset: todoIds.indexOf(todoId),
                    limit: 1,
                    total: todoIds.length,
                    onUpdate: ({offset}) =>
                        open(todoIds[offset], {stackPosition: "replaceCurrentAction"}),
                };
            },
        };
    },
};

registry.category("services").add("oiconnect_work_list", workListService);

patch(FormController.prototype, {
    setup() {
        super.setup();
        const pager = useService("oiconnect_work_list").pagerOf(this.props);
        if (pager) {
            usePager(() => pager);
        }
    },
});

class WorkListController extends ListController {
    setup() {
        super.setup();
        this.workList = useService("oiconnect_work_list");
    }

    async openRecord(record, {newWindow} = {}) {
        await this.workList.openFrom(this.model.root.records, record, {newWindow});
    }
}

class WorkBoardController extends KanbanController {
    setup() {
        super.setup();
        this.workList = useService("oiconnect_work_list");
    }

    async openRecord(record, {newWindow} = {}) {
        await this.workList.openFrom(this.model.root.records, record, {newWindow});
    }
}

registry
    .category("views")
    .add("oiconnect_work_list", {...listView, Controller: WorkListController})
    .add("oiconnect_work_board", {...boardView, Controller: WorkBoardController});
