/** Milliseconds between two zooms by the wheel: a trackpad sends many small turns. */
const PAUSE = 120;

/**
 * Zoom by Ctrl (or ⌘) and the wheel around what is pointed at. A plain wheel scrolls the
 * page; `onPlain` is called then. Returns what takes it away.
 */
export function addCtrlWheel(map, onPlain) {
    const element = map.getContainer();
    let last = 0;
    const onWheel = (event) => {
        if (!event.ctrlKey && !event.metaKey) {
            onPlain();
            return;
        }
        event.preventDefault();
        if (event.deltaY && event.timeStamp - last >= PAUSE) {
            last = event.timeStamp;
            const zoom = map.getZoom() - Math.sign(event.deltaY);
            map.setZoomAround(map.mouseEventToContainerPoint(event), zoom);
        }
    };
    element.addEventListener("wheel", onWheel, {passive: false});
    return () => element.removeEventListener("wheel", onWheel);
}
