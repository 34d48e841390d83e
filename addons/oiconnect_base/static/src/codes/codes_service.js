import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";

const CODE = /\b[A-Z]\w+/g;

/** The text of the element itself: what stands in its children is hovered there. */
function ownText(element) {
    const texts = [...element.childNodes].filter(
        (node) => node.nodeType === Node.TEXT_NODE
    );
    const typed = typeof element.value === "string" ? element.value : "";
    return [typed, ...texts.map((node) => node.data)].join(" ");
}

/**
 * Codes of the protocol tell what they mean when they are pointed at: where a field is one
 * (class `o_oic_code`), and in texts (class `o_oic_codes`). Their list is requested once, for
 * the first of them.
 */
export const codesService = {
    start() {
        let meanings = null;
        let waiting = null;

        const explain = (element) => {
            const codes = new Set(ownText(element).match(CODE));
            const found = [...codes].filter((code) => code in meanings);
            if (found.length) {
                element.dataset.tooltip = found
                    .map((code) => `${code} – ${meanings[code]}`)
                    .join(" • ");
            }
            return found.length;
        };

        const load = async () => {
            waiting ||= rpc("/oiconnect/codes", {}, {silent: true});
            try {
                meanings = await waiting;
            } catch {
                // Requested again at the next one.
                waiting = null;
            }
        };

        const onEnter = async ({target}) => {
            if (
                !target.closest?.(".o_oic_code, .o_oic_codes") ||
                !ownText(target).match(CODE)
            ) {
                return;
            }
            if (meanings) {
                explain(target);
                return;
            }
            await load();
            if (meanings && target.isConnected && target.matches(":hover")) {
                // The service of tooltips has looked at the element already.
                explain(target) && target.dispatchEvent(new MouseEvent("mouseenter"));
            }
        };

        // Before the service of tooltips, which listens on the body.
        document.addEventListener("mouseenter", onEnter, {capture: true});
    },
};

registry.category("services").add("oiconnect_codes", codesService);
