/**
 * The steps of a task that people are promised to do in few clicks: more of them are an
 * error. What is typed, and the keys that are pressed, do not count.
 */
export function inClicks(most, steps) {
    const count = steps.filter(({run}) => run === "click").length;
    if (count > most) {
        throw new Error(`${count} clicks, where ${most} are promised`);
    }
    return steps;
}

/** Choose what is found by ``typed`` in a drop-down field of a dialog: one click. */
export function choose(name, typed, label) {
    const field = `.modal .o_field_widget[name=${name}]`;
    return [
        {trigger: `${field} input`, run: `edit ${typed}`},
        {
            trigger: `${field} .o-autocomplete--dropdown-item:contains(${label})`,
            run: "click",
        },
    ];
}

async function pressEnter({anchor, press}) {
    anchor.focus();
    await press("Enter");
}

/** Choose by the keyboard what is found by ``typed``: no click. */
export function pick(name, typed, label) {
    const field = `.o_form_view .o_field_widget[name=${name}]`;
    return [
        {trigger: `${field} input`, run: `edit ${typed}`},
        {trigger: `${field} .o-autocomplete--dropdown-item:contains(${label})`},
        {trigger: `${field} input`, run: pressEnter},
        {
            content: "chosen: until the list closes, what was typed stands there",
            trigger: `${field}:not(:has(.o-autocomplete--dropdown-menu)) input:value(${label})`,
        },
    ];
}

/** Find something by the box of every screen, by the keyboard. */
export function find(text, shown) {
    return [
        {trigger: "body", run: "press alt+g"},
        {trigger: ".o_oic_quick_search_input", run: `edit ${text}`},
        {trigger: `.o_oic_quick_search_list .dropdown-item:contains(${shown})`},
        {trigger: ".o_oic_quick_search_input", run: pressEnter},
        {trigger: `.o_form_view:contains(${shown})`},
    ];
}
