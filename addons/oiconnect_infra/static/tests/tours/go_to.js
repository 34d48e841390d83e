/** Types a reference in the box of the navigation bar, and goes to it. */
export function goTo(reference) {
    return [
        {
            content: `look for ${reference}`,
            trigger: ".o_oic_quick_search_input",
            run: `edit ${reference}`,
        },
        {
            trigger: ".o_oic_quick_search_input",
            run: "press Enter",
        },
    ];
}

/** Goes to the form of what has this reference, and waits for it. */
export function goToForm(reference) {
    return [
        ...goTo(reference),
        {trigger: `.o_form_view .o_last_breadcrumb_item:contains(${reference})`},
    ];
}
