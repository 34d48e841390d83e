import {Component} from "@odoo/owl";
import {WebClient} from "@web/webclient/webclient";
import {browser} from "@web/core/browser/browser";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {user} from "@web/core/user";

const KEY = "oiconnect.sandbox";
const hasSandbox = Boolean(session.oiconnect_sandbox);

/** Whether this window shows the sandbox networks, and nothing of the real ones. */
export const isSandbox = hasSandbox && browser.sessionStorage.getItem(KEY) === "1";

if (isSandbox) {
    user.updateContext({oiconnect_sandbox: true});
    document.documentElement.classList.add("o_oic_sandbox");
}

/** Shows the other networks from the beginning: no screen is of both. */
function show(sandbox) {
    if (sandbox) {
        browser.sessionStorage.setItem(KEY, "1");
    } else {
        browser.sessionStorage.removeItem(KEY);
    }
    browser.location.assign("/odoo");
}

export class SandboxEntry extends Component {
    static template = "oiconnect_base.SandboxEntry";
    static props = {};

    enter() {
        show(true);
    }
}

export class SandboxBanner extends Component {
    static template = "oiconnect_base.SandboxBanner";
    static props = {};

    leave() {
        show(false);
    }
}

patch(WebClient, {components: {...WebClient.components, SandboxBanner}});
patch(WebClient.prototype, {
    get isSandbox() {
        return isSandbox;
    },
});

if (hasSandbox && !isSandbox) {
    registry
        .category("systray")
        .add("oiconnect_base.sandbox", {Component: SandboxEntry}, {sequence: 45});
}
