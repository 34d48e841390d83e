import {onWillUnmount, useExternalListener, useState} from "@odoo/owl";

/**
 * The map over the whole window, and the window over the whole screen where the browser
 * allows it. The page as a whole is made full screen: dialogs stay above the map.
 */
export function useFullScreen() {
    const state = useState({on: false});
    const leave = () => {
        state.on = false;
        if (document.fullscreenElement) {
            document.exitFullscreen();
        }
    };
    const toggle = () => {
        if (state.on) {
            leave();
            return;
        }
        state.on = true;
        // Without a gesture of the user, or on a phone, the window is all there is.
        document.documentElement.requestFullscreen?.().catch(() => {});
    };
    // Whatever leads away from the map, the browser's back button too
    onWillUnmount(() => state.on && leave());
    useExternalListener(document, "fullscreenchange", () => {
        if (!document.fullscreenElement) {
            state.on = false;
        }
    });
    return {state, leave, toggle};
}
