/** Choose ``label`` in a drop-down field of ``where``, by what is typed. */
export function choose(name, typed, label, where = ".modal") {
    const field = `${where} .o_field_widget[name=${name}]`;
    return [
        {trigger: `${field} input`, run: `edit ${typed}`},
        {
            trigger: `${field} .o-autocomplete--dropdown-item:contains(${label})`,
            run: "click",
        },
    ];
}
