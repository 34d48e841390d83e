/**
 * What the browser tests ask of the menus; each rejects with what is wrong.
 * They are called by name: a tour cannot be told what to expect.
 */
const SECTION = ".o_menu_sections > [data-menu-xmlid], .o_menu_sections > * > button";
const ITEM = ".o-dropdown--menu [data-menu-xmlid].dropdown-item";
// Where a screen shows labels of ours.
const LABELS = [
    ".o_breadcrumb .active",
    ".o_control_panel_main_buttons .btn",
    ".o_list_view thead th",
    ".o_view_nocontent p",
    ".o_form_label",
    ".o_form_view .btn",
    ".o_horizontal_separator",
    ".o_notebook .nav-link",
    ".o_statusbar_status .btn",
    ".o_field_badge",
].join(",");

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

function shownLabels() {
    const texts = [...document.querySelectorAll(LABELS)].map((e) =>
        e.textContent.trim()
    );
    return texts.filter(Boolean);
}

/** Open every menu of the application; none shows a label in `english`. */
async function checkLanguage(english) {
    const {menu, action} = odoo.__WOWL_DEBUG__.root.env.services;
    const words = new Set(english);
    const wrong = [];
    let opened = 0;
    const walk = async (node) => {
        if (node.actionID) {
            // The promise of an action that another one replaces is never settled.
            const isOpen = () => action.currentController?.action.id === node.actionID;
            const doing = action.doAction(node.actionID, {clearBreadcrumbs: true});
            await Promise.race([doing, until(isOpen)]);
            opened += 1;
            for (const label of [node.name, ...shownLabels()]) {
                if (words.has(label)) {
                    wrong.push(`${node.name}: ${label}`);
                }
            }
        }
        for (const child of node.childrenTree) {
            await walk(child);
        }
    };
    const root = menu.getApps().find((app) => app.xmlid === "oiconnect_base.menu_root");
    for (const section of menu.getMenuAsTree(root.id).childrenTree) {
        await walk(section);
    }
    if (wrong.length || !opened) {
        throw new Error(`${opened} menus opened; in English: ${wrong.join("; ")}`);
    }
}

window.oiconnectMenus = {checkLanguage, checkMenus, checkRefused};
