import {registry} from "@web/core/registry";

const ENTRY = ".o_timeline_entry";

// Somebody reads the life of an order, and opens the file that connected it.
registry.category("web_tour.tours").add("oiconnect_order_timeline", {
    steps: () => [
        {
            content: "the story is what the form opens on",
            trigger: ".o_notebook .nav-link.active[name=story]:contains(Déroulement)",
        },
        {
            content: "the operator's order",
            trigger: `${ENTRY}[data-kind=line]:contains(CMD_ACCES):contains(ligne 2 prise en compte)`,
        },
        {
            content: "our answer, with what it said and its file",
            trigger: `${ENTRY}[data-kind=message]:contains(CR_CMD):contains(OK) button:contains(.csv)`,
        },
        {
            content: "the message as the operator reads it",
            trigger: `${ENTRY}[data-kind=message]:contains(CR_CMD) button:contains(Contenu)`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=content] td:contains(OK)",
        },
        {
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "the file of the connection",
            trigger: `${ENTRY}[data-kind=line]:contains(CR_STOC) button:contains(_CR_STOC_)`,
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name]:contains(_CR_STOC_)",
        },
    ],
});
