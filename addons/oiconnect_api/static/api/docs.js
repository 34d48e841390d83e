/* The documentation of the REST API: the reference by the Swagger UI that this server
   has, and the search in the guides. */
/* global SwaggerUIBundle */
function showReference() {
    SwaggerUIBundle({
        url: "openapi.json",
        dom_id: "#documentation",
        deepLinking: true,
        docExpansion: "none",
        filter: true,
        validatorUrl: null,
        // Nothing of what is typed, above all no key, is stored by the browser.
        persistAuthorization: false,
        onComplete() {
            const servers = document.getElementById("servers");
            servers?.setAttribute("aria-label", "Serveur");
        },
    });
}

function plain(text) {
    return text
        .normalize("NFD")
        .replace(/\p{Diacritic}/gu, "")
        .toLowerCase();
}

function searchGuides(input) {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const guide of document.querySelectorAll("article")) {
        const text = plain(guide.textContent);
        guide.hidden = !words.every((word) => text.includes(word));
        found += Number(!guide.hidden);
    }
    document.getElementById("nothing").hidden = found > 0;
}

window.addEventListener("load", () => {
    const search = document.getElementById("search");
    if (search) {
        search.addEventListener("input", () => searchGuides(search));
        // What a link leads to is shown whatever was searched.
        window.addEventListener("hashchange", () => {
            search.value = "";
            searchGuides(search);
        });
    } else {
        showReference();
    }
});
