/**
 * The attribution of a layer: text and web links, nothing else of what the setting may
 * hold.
 */
export function attributionOf(html) {
    const parsed = new DOMParser().parseFromString(html || "", "text/html");
    const shown = document.createElement("span");
    for (const node of parsed.body.childNodes) {
        const href = node.nodeName === "A" ? node.getAttribute("href") : null;
        if (/^https?:\/\//.test(href)) {
            const link = document.createElement("a");
            Object.assign(link, {href, target: "_blank", rel: "noopener"});
            link.textContent = node.textContent;
            shown.append(link);
        } else {
            shown.append(node.textContent);
        }
    }
    return shown.innerHTML;
}
