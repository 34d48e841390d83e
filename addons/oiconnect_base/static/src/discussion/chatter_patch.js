import {Chatter} from "@mail/chatter/web_portal/chatter";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";

/** A button beside the others of a record whose operator may be written to. */
patch(Chatter.prototype, {
    setup() {
        super.setup(...arguments);
        this.operatorOrm = useService("orm");
        this.operatorAction = useService("action");
    },

    async writeToOperator() {
        const thread = this.state.thread;
        const action = await this.operatorOrm.call(
            thread.model,
            "action_write_to_operator",
            [[thread.id]]
        );
        await this.operatorAction.doAction(action, {
            onClose: () => this.load(thread, ["followers", "attachments", "messages"]),
        });
    },
});
