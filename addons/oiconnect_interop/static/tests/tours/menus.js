/**
 * What the browser tests ask of the menus; each rejects with what is wrong.
 * They are called by name: a tour takes no argument for what to expect.
 */
const SECTION = ".o_menu_sections > [data-menu-xmlid], .o_menu_sections > * > button";
// A section that opens a screen by itself
const LEAF = ".o_nav_entry";
const ITEM = ".o-dropdown--menu [data-menu-xmlid].dropdown-item";

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

/** The menus that the user sees, read by opening each section of the bar. */
async function readMenus() {
    await until(() => document.querySelector(".o_menu_sections"));
    const seen = [];
    for (const section of document.querySelectorAll(SECTION)) {
        if (section.matches(LEAF)) {
            seen.push(section.dataset.menuXmlid);
            continue;
        }
        section.click();
        await until(() => document.querySelector(ITEM));
        for (const item of document.querySelectorAll(ITEM)) {
            seen.push(item.dataset.menuXmlid);
        }
        section.click();
        await until(() => !document.querySelector(ITEM));
    }
    return seen;
}

/** An action that the user may not see, opened by its URL, shows no data. */
async function checkRefused() {
    await until(() => document.querySelector(".modal .o_error_dialog"));
    if (document.querySelector(".o_data_row, .o_form_view, .o_kanban_record")) {
        throw new Error("data are shown");
    }
    document.querySelector(".modal .btn-primary").click();
    await until(() => !document.querySelector(".modal"));
}

/** The user sees the menus `expected` and no other. */
async function checkMenus(expected) {
    document.querySelector(".o_navbar_apps_menu button").click();
    const app = "[data-menu-xmlid='oiconnect_base.menu_root']";
    (await until(() => document.querySelector(`.o_app${app}`))).click();
    await until(() => document.querySelector(`.o_menu_brand${app}`));
    const seen = await readMenus();
    const missing = expected.filter((menu) => !seen.includes(menu));
    const extra = seen.filter((menu) => !expected.includes(menu));
    if (missing.length || extra.length) {
        throw new Error(`missing: ${missing}; not expected: ${extra}`);
    }
}

window.oiconnectMenus = {checkMenus, checkRefused};
