const DIALOG = ".modal:not(.o_inactive_modal)";

/** A reference that operators know: fixed on the form, changed by its action. */
export const KNOWN_KEY = {
    steps: () => [
        {
            content: "it is not typed over",
            trigger:
                ".o_form_view h1 .o_field_widget[name=identifier]:not(:has(input))",
        },
        {
            trigger: "button[name=action_change_key]:contains(Changer la référence)",
            run: "click",
        },
        {
            content: "what follows is shown before",
            trigger: `${DIALOG} .o_field_widget[name=effects]:contains(historique)`,
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=old_key]:contains(IMB/99001/X/0001)`,
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=new_key] input`,
            run: "edit IMB/NOUVEAU && press Tab",
        },
        {
            content: "a form that operators could not read is reported",
            trigger: `${DIALOG} .o_field_widget[name=form_warning]:contains(un chiffre)`,
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=new_key] input`,
            run: "edit IMB/99001/X/0042 && press Tab",
        },
        {trigger: `${DIALOG}:not(:has(.o_field_widget[name=form_warning]))`},
        {
            trigger: `${DIALOG} .o_field_widget[name=reason] input`,
            run: "edit Renumérotation && press Tab",
        },
        {trigger: `${DIALOG} button[name=action_change]`, run: "click"},
        {
            trigger:
                ".o_form_view h1 .o_field_widget[name=identifier]:contains(IMB/99001/X/0042)",
        },
    ],
};
