/** What the browser tests ask of the title of a form; it rejects with what is wrong. */
const TITLE = ".o_last_breadcrumb_item";
// What shares the width
const PARTS = [
    ".o_control_panel_breadcrumbs",
    ".o_control_panel_actions",
    ".o_control_panel_navigation",
];

function until(condition) {
    const start = Date.now();
    return new Promise((resolve, reject) => {
        const look = () => {
            const found = condition();
            if (found) {
                resolve(found);
            } else if (Date.now() - start > 10000) {
                reject(new Error(`never came: ${condition}`));
            } else {
                requestAnimationFrame(look);
            }
        };
        look();
    });
}

/** Pixels of the text that are not shown; one less is the rounding of the browser. */
function cutOff(element) {
    const parts = [element, ...element.querySelectorAll("*")];
    return Math.max(
        ...parts.map(
            (part) => part.clientWidth && part.scrollWidth - part.clientWidth - 1
        )
    );
}

const widthOf = (selector) => document.querySelector(selector)?.offsetWidth;

/** Open each record; its whole title and the names of its buttons are shown. */
async function checkTitles(records) {
    const {action} = odoo.__WOWL_DEBUG__.root.env.services;
    const wrong = [];
    for (const {model, id, title} of records) {
        await action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
        const shown = await until(() => {
            const found = document.querySelector(TITLE);
            return found && found.textContent.includes(title) && found;
        });
        await until(() => document.querySelector(".o-form-buttonbox .oe_stat_button"));
        const lost = cutOff(shown);
        if (lost > 0) {
            const widths = PARTS.map(widthOf).join(" / ");
            wrong.push(`${model}: ${title} lacks ${lost} px (${widths})`);
        }
    }
    if (wrong.length) {
        throw new Error(wrong.join("; "));
    }
}

window.oiconnectForms = {checkTitles};
