/**
 * The attribution of a layer: text and web links, nothing else of what the setting may
 * hold. Without a keyboard its links are not reached by Tab.
 */
export function attributionOf(html, keyboard = true) {
    const parsed = new DOMParser().parseFromString(html || "", "text/html");
    const shown = document.createElement("span");
    for (const node of parsed.body.childNodes) {
        const href = node.nodeName === "A" ? node.getAttribute("href") : null;
        if (/^https?:\/\//.test(href)) {
            const link = document.createElement("a");
            Object.assign(link, {href, target: "_blank", rel: "noopener"});
            link.textContent = node.textContent;
            if (!keyboard) {
                link.tabIndex = -1;
            }
            shown.append(link);
        } else {
            shown.append(node.textContent);
        }
    }
    return shown.innerHTML;
}
