/** Open the list of what a number counts: its records, and nothing else. */
export function openList(actions, {list, title}) {
    return actions.doAction({
        type: "ir.actions.act_window",
        name: title,
        res_model: list.model,
        domain: list.domain,
        views: [
            [false, "list"],
            [false, "form"],
        ],
        context: {active_test: false, create: false},
    });
}
