import {Message} from "@mail/core/common/message";
import {patch} from "@web/core/utils/patch";

patch(Message.prototype, {
    get attClass() {
        return {
            ...super.attClass,
            o_oiconnect_to_operator: this.props.message.isToOperator,
        };
    },
});
