import {Message} from "@mail/core/common/message_model";
import {Thread} from "@mail/core/common/thread_model";
import {patch} from "@web/core/utils/patch";

patch(Message.prototype, {
    setup() {
        super.setup(...arguments);
        /** Written to people of an operator, who read it in their space. */
        this.isToOperator = false;
    },
});

patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        this.canWriteToOperator = false;
    },
});
