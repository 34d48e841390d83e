import {journey} from "@oiconnect_base/../tests/tours/journey";

// On a desk and on a phone: home, an order, a slot.
const ORDER_AND_SLOT = {
    steps: () => [
        {
            trigger: "h1:contains(Votre espace)",
        },
        {
            trigger: `.o_oiconnect_menu a:contains("Commandes d'accès")`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_oiconnect_filters input[name=search]",
            run: "edit MINE",
        },
        {
            trigger: ".o_oiconnect_filters button:contains(Chercher)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a:contains(MINE-ACCES):visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "h2:contains(Historique)",
        },
        {
            trigger: ".o_oiconnect_menu a:contains(Rendez-vous)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a:contains(Réserver un rendez-vous)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "input[name=commune]",
            run: "edit 99001",
        },
        {
            trigger: "button:contains(Voir les créneaux libres)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "input[name=reference]:visible",
            run: "edit TOUR-1",
        },
        {
            trigger: ".o_oiconnect_slots button:first",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-success:contains(Le rendez-vous est réservé)",
        },
    ],
};

// Then a ticket, a run of conformance, help.
const THE_REST = {
    steps: () => [
        {
            trigger: ".o_oiconnect_menu a:contains(Tickets)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a:contains(Ouvrir un ticket)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "input[name=line]",
            run: "edit INCONNUE",
        },
        {
            trigger: "select[name=defect]",
            run: "selectByIndex 1",
        },
        {
            trigger: "select[name=defect_class]",
            run: "selectByIndex 1",
        },
        {
            trigger: "select[name=prelocation]",
            run: "selectByIndex 1",
        },
        {
            trigger: "button:contains(Ouvrir le ticket)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-danger:contains(Aucune de vos lignes)",
        },
        {
            trigger: ".o_oiconnect_menu a:contains(Conformité)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "button:contains(Commencer ou continuer)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_oiconnect_step:contains(R01):contains(Attendu)",
        },
        {
            trigger: "button:contains(Vérifier ce qui est arrivé)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_oiconnect_step:contains(R01):contains(Diffère):contains(403)",
        },
        {
            trigger: ".o_oiconnect_step:contains(R02):contains(Attendu)",
        },
        {
            trigger: "button:contains(Terminer et signer le rapport)",
            run(helpers) {
                window.confirm = () => true;
                return helpers.click();
            },
            expectUnloadPage: true,
        },
        {
            trigger: ".badge:contains(Non conforme)",
        },
        {
            trigger: "a:contains(Rapport signé)[href$='/rapport']",
        },
        {
            trigger: "a.o_oiconnect_guide",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_oiconnect_topic h2:contains(Une étape diffère)",
        },
    ],
};

/** Go on by a link or a button that leads to another page. */
const go = (trigger) => ({trigger, run: "click", expectUnloadPage: true});

/** The same, agreeing to what is asked first. */
const agree = (trigger) => ({
    trigger,
    run(helpers) {
        window.confirm = () => true;
        return helpers.click();
    },
    expectUnloadPage: true,
});

// An operator that has no system: it orders, books, cancels, reports and contests here.
const ALONE = {
    steps: () => [
        go(".o_oiconnect_first a:contains(Commander un accès)"),
        {trigger: "input[name=place]", run: "edit lilas exempleville"},
        go("button:contains(Chercher)"),
        go(`a:contains("réservez d'abord la visite")`),
        {trigger: "input[name=reference]:visible", run: "edit SEUL-1"},
        go(".o_oiconnect_slots button:first"),
        {trigger: ".alert-success:contains(Le rendez-vous est réservé)"},
        go(".o_oiconnect_menu a:contains(Accueil)"),
        go(".o_oiconnect_first a:contains(Commander un accès)"),
        {trigger: "input[name=place]", run: "edit lilas exempleville"},
        go("button:contains(Chercher)"),
        {trigger: "select[name=who]", run: "select oi"},
        {trigger: "select[name=appointment_reference]", run: "selectByIndex 1"},
        {trigger: "input[name=customer_name]", run: "edit EXEMPLE"},
        {trigger: "input[name=customer_firstname]", run: "edit Camille"},
        {trigger: "input[name=customer_contact1]", run: "edit 0600000001"},
        {trigger: "input[name=reference]", run: "edit SEUL-1"},
        go("form[action*='acces/nouveau'] button"),
        {trigger: ".alert-success:contains(La commande est prise)"},
        go(`.o_oiconnect_menu a:contains("Commandes d'accès")`),
        go("a:contains(A-ANNULER):visible"),
        agree("button:contains(Annuler la commande)"),
        {trigger: ".alert-success"},
        {trigger: "body:contains(Annulée)"},
        go(".o_oiconnect_menu a:contains(Tickets)"),
        go("a:contains(Ouvrir un ticket)"),
        {
            trigger: "input[name=line]",
            run: (helpers) => helpers.edit(sessionStorage.getItem("oiconnectLine")),
        },
        {trigger: "select[name=defect]", run: "selectByIndex 1"},
        {trigger: "select[name=defect_class]", run: "selectByIndex 1"},
        {trigger: "select[name=prelocation]", run: "selectByIndex 1"},
        go("button:contains(Ouvrir le ticket)"),
        {trigger: ".alert-success:contains(Le ticket est ouvert)"},
        go(".o_oiconnect_menu a:contains(Factures)"),
        go("a:contains(Contester des lignes)"),
        {trigger: ".o_oiconnect_contested input[type=checkbox]:eq(0)", run: "check"},
        {trigger: ".o_oiconnect_contested input[type=checkbox]:eq(1)", run: "check"},
        {trigger: "input[name=reason]", run: "edit Résilié en mai"},
        go("button:contains(Contester ce qui est coché)"),
        {trigger: ".alert-success"},
        go(".o_oiconnect_menu a:contains(Clés)"),
        {trigger: "input[name=name]", run: "edit Mon système"},
        go("form[action$=nouvelle] button"),
        {
            content: "the key that is shown opens the API",
            trigger: ".o_oiconnect_value",
            async run({anchor}) {
                const answer = await fetch("/oiconnect/api/v1/networks", {
                    headers: {Authorization: `Bearer ${anchor.value}`},
                });
                if (!answer.ok) throw new Error(`the API answers ${answer.status}`);
            },
        },
    ],
};

journey("oiconnect_portal_alone", ALONE);
journey("oiconnect_portal_desk", ORDER_AND_SLOT, THE_REST);
journey("oiconnect_portal_phone", ORDER_AND_SLOT);
