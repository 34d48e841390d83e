import {useEffect, useState} from "@odoo/owl";
import {ListRenderer} from "@web/views/list/list_renderer";
import {patch} from "@web/core/utils/patch";
import {useBus} from "@web/core/utils/hooks";

const OUR_MODELS = /^(oiconnect\.|account\.move)/;

/**
 * Our lists scroll sideways on no screen while a column can be missed: those that are
 * optional make room, from the right, and come again where there is room for them.
 */
patch(ListRenderer.prototype, {
    setup() {
        // How many columns make room, of each choice of columns that there was
        this.narrow = useState({dropped: {}});
        super.setup();
        if (OUR_MODELS.test(this.props.list.resModel)) {
            useBus(this.uiService.bus, "resize", () => (this.narrow.dropped = {}));
            useEffect(() => this.dropColumns());
            // Widths are set apart from what is rendered.
            useEffect(
                (table) => {
                    const observer = new ResizeObserver(() => this.dropColumns());
                    if (table) {
                        observer.observe(table);
                    }
                    return () => observer.disconnect();
                },
                () => [this.tableRef.el]
            );
        }
    },

    getActiveColumns() {
        const columns = super.getActiveColumns();
        const optional = columns.filter((column) => column.optional);
        this.shownColumns = columns.map(({name}) => name).join();
        const kept = optional.length - (this.narrow.dropped[this.shownColumns] || 0);
        const dropped = new Set(optional.slice(Math.max(0, kept)));
        return columns.filter((column) => !dropped.has(column));
    },

    /** Drops as many columns as the table is too wide, by the widths that they have. */
    dropColumns() {
        const list = this.rootRef.el;
        const {dropped} = this.narrow;
        let surplus = list ? list.scrollWidth - list.clientWidth : 0;
        for (const column of this.columns.filter(({optional}) => optional).reverse()) {
            if (surplus <= 1) {
                break;
            }
            const heading = list.querySelector(`th[data-name="${column.name}"]`);
            surplus -= heading?.offsetWidth || 0;
            dropped[this.shownColumns] = (dropped[this.shownColumns] || 0) + 1;
        }
    },
});
