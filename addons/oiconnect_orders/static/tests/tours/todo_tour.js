import {journey, openMenu} from "@oiconnect_base/../tests/tours/journey";

const FIRST = ".o_data_row:eq(0)";

// A morning of a user who handles orders: what is late first, done, gone.
const TODO = {
    steps: () => [
        {
            content: "the list opens on what is to do",
            trigger: ".o_facet_value:contains(/^À traiter$/)",
        },
        {
            content: "and is all there",
            trigger: ".o_data_row:contains(TODO-LATE)",
        },
        {
            content: "narrow it to the network's own reference",
            trigger: ".o_searchview_input",
            run: "edit TODO-",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Objet)",
            run: "click",
        },
        {trigger: ".o_pager_limit:contains(/^2$/)"},
        {
            content: "what is late comes first, and says so",
            trigger: `${FIRST}:contains(TODO-LATE) .badge:contains(/^En retard$/)`,
        },
        {
            content: "what is not due yet comes after",
            trigger:
                ".o_data_row:eq(1):contains(TODO-LATER) .badge:contains(/^À temps$/)",
        },
        {
            content: "take the first",
            trigger: `${FIRST} button[name=action_take]`,
            run: "click",
        },
        {trigger: `${FIRST} .o_field_widget[name=user_id]:contains(Camille)`},
        {
            content: "open its order",
            trigger: `${FIRST} .o_data_cell[name=name]`,
            run: "click",
        },
        {
            content: "the order says what is to do, and who does it",
            trigger:
                ".o_form_view .alert:contains(Raccordement à reprendre):contains(Camille)",
        },
        {
            trigger: ".o_field_widget[name=due_state] .badge:contains(/^En retard$/)",
        },
        {
            content: "do it",
            trigger: "button[name=action_resume]",
            run: "click",
        },
        {
            content: "nothing is to do of this order any more",
            trigger: ".o_form_view:not(:has(.alert:contains(À traiter):visible))",
        },
        {
            trigger: '.o_field_widget[name=awaited]:contains("/^L\'opérateur$/")',
        },
        {
            content: "the next thing of the list is reached from here",
            trigger: ".o_form_view .o_pager_value:contains(/^1$/)",
        },
        {
            trigger: ".o_form_view .o_pager_next",
            run: "click",
        },
        {
            trigger: ".o_form_view h1:contains(TODO-LATER)",
        },
        {
            trigger: ".o_form_view .o_pager_value:contains(/^2$/)",
        },
        {
            content: "back in the list what was done is gone",
            trigger: ".o_breadcrumb a:contains(À traiter), .o_back_button",
            run: "click",
        },
        {trigger: ".o_pager_limit:contains(/^1$/)"},
        {trigger: `${FIRST}:contains(TODO-LATER)`},
        {
            content: "it is among what was done",
            trigger:
                ".o_facet_value:contains(/^À traiter$/) ~ .o_facet_remove, .o_searchview_facet:contains(À traiter) .o_facet_remove",
            run: "click",
        },
        {trigger: ".o_data_row:contains(TODO-LATE):contains(Camille)"},
    ],
};

const MISSED = {
    steps: () => [
        {
            content: "a missed delay opens its order",
            trigger: ".o_data_row:contains(MISSED-1) .o_data_cell[name=res_name]",
            run: "click",
        },
        {trigger: ".o_form_view h1:contains(MISSED-1)"},
        {
            content: "the next one is beside it",
            trigger: ".o_form_view:has(.o_pager_limit:contains(/^2$/)) .o_pager_next",
            run: "click",
        },
        {trigger: ".o_form_view h1:contains(MISSED-2)"},
        {trigger: ".o_back_button", run: "click"},
        {trigger: ".o_list_view .o_data_row:contains(MISSED-2)"},
    ],
};

journey(
    "oiconnect_todo",
    MISSED,
    openMenu(
        "oiconnect_base.menu_access",
        "oiconnect_orders.menu_todo",
        ".o_list_view .o_facet_value:contains(/^À traiter$/)"
    ),
    TODO
);
