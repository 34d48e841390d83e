// A form is sent once: of a double click, the second one is none. Pages that come back
// from the browser's memory may be sent again.
const SENT = "o_oiconnect_sent";

document.addEventListener("submit", (ev) => {
    const form = ev.target;
    if (!form.closest(".o_oiconnect_space") || ev.defaultPrevented) {
        return;
    }
    if (form.classList.contains(SENT)) {
        ev.preventDefault();
    }
    form.classList.add(SENT);
});

window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll(`.${SENT}`)) {
        form.classList.remove(SENT);
    }
});

// On a phone the menu slides: it shows the page where one is.
const current = document.querySelector(".o_oiconnect_menu .active");
if (current) {
    const menu = current.parentElement;
    menu.scrollLeft = current.offsetLeft - (menu.clientWidth - current.clientWidth) / 2;
}
