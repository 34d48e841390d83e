import {FormController} from "@web/views/form/form_controller";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {boardView} from "../board/board";
import {listView} from "@web/views/list/list_view";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {usePager} from "@web/search/pager_hook";
import {useService} from "@web/core/utils/hooks";

/**
 * A list of things to look at, as it was when one of them was opened: each opens the
 * record that it is about, by its method action_open_record, and they are read in turn.
 */
export const workListService = {
    dependencies: ["action", "orm"],

    start(env, {action, orm}) {
        let listed = {model: null, ids: []};
        let opened = {};

        async function open(id, options) {
            const found = await orm.call(listed.model, "action_open_record", [[id]]);
            opened[id] = found;
            await action.doAction(found, {
                ...options,
                additionalContext: {oiconnect_listed: [listed.model, id]},
            });
        }

        return {
            openFrom(records, {resModel, resId}, options) {
                listed = {
                    model: resModel,
                    ids: records.map((record) => record.resId),
                };
                opened = {};
                return open(resId, options);
            },

            /** The pager of a form that was opened from the list, null for others. */
            pagerOf({resModel, resId, context}) {
                const [model, id] = context?.oiconnect_listed || [];
                const found = model === listed.model && opened[id];
                if (found?.res_model !== resModel || found.res_id !== resId) {
                    return null;
                }
                return {
                    offset: listed.ids.indexOf(id),
                    limit: 1,
                    total: listed.ids.length,
                    onUpdate: ({offset}) =>
                        open(listed.ids[offset], {
                            stackPosition: "replaceCurrentAction",
                        }),
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
