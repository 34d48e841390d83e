import {registry} from "@web/core/registry";

/** Whether a column is what one sees of the board. */
function isSeen(column) {
    const {left, right} = column.getBoundingClientRect();
    return left >= 0 && right <= window.innerWidth + 1;
}

registry.category("web_tour.tours").add("oiconnect_phone_board", {
    steps: () => [
        {
            trigger: ".o_kanban_group:contains(PHONE-LATE)",
            async run() {
                while (!isSeen(this.anchor)) {
                    await new Promise(requestAnimationFrame);
                }
            },
        },
    ],
});
