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

journey("oiconnect_portal_desk", ORDER_AND_SLOT, THE_REST);
journey("oiconnect_portal_phone", ORDER_AND_SLOT);
