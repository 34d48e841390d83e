/* Shows the documentation of the REST API with the Swagger UI that this server has. */
/* global SwaggerUIBundle */
window.addEventListener("load", () => {
    SwaggerUIBundle({
        url: "openapi.json",
        dom_id: "#documentation",
        deepLinking: true,
        docExpansion: "none",
        filter: true,
        validatorUrl: null,
        // Nothing of what is typed, above all no key, is kept by the browser.
        persistAuthorization: false,
    });
});
