import {drawShape} from "../shapes";

/** A point of a canvas, drawn as the shape of its style. */
export const ShapeMarker = L.CircleMarker.extend({
    _updatePath() {
        if (this._renderer._drawing && !this._empty()) {
            const {radius, style} = this.options;
            drawShape(this._renderer._ctx, this._point, radius, style);
        }
    },
});
