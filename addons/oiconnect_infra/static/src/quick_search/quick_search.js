import {browser} from "@web/core/browser/browser";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {debounce} from "@web/core/utils/timing";

import {Component, useExternalListener, useRef, useState} from "@odoo/owl";

const DELAY = 250;
export const SHORTEST = 3;

/** Asks the server what a text may mean; one list of the records, in their groups. */
export async function findReference(orm, text) {
    const {exact, groups} = await orm.call("oiconnect.quick.search", "find", [text]);
    for (const group of groups) {
        group.records.forEach((record) => (record.model = group.model));
    }
    return {exact, groups, records: groups.flatMap((group) => group.records)};
}

export function recordAction({model, id}) {
    return {
        type: "ir.actions.act_window",
        res_model: model,
        res_id: id,
        views: [[false, "form"]],
    };
}

/** Box of the navigation bar into which any reference of the network is pasted. */
export class QuickSearch extends Component {
    static template = "oiconnect_infra.QuickSearch";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.input = useRef("input");
        this.keepLast = new KeepLast();
        this.state = useState({text: "", answer: null, selected: 0, isOpen: false});
        this.searchLater = debounce(() => this.search(), DELAY);
        useHotkey("alt+g", () => this.input.el.select(), {
            bypassEditableProtection: true,
            global: true,
        });
        useExternalListener(browser, "pointerdown", (ev) => {
            if (!this.root.el.contains(ev.target)) {
                this.state.isOpen = false;
            }
        });
    }

    get isAnswered() {
        return this.state.answer?.text === this.state.text.trim();
    }

    get hint() {
        return _t(
            "Any reference, address, customer, telephone, file or invoice: PTO, order, PM, building… (Alt+G)"
        );
    }

    async search() {
        const text = this.state.text.trim();
        if (text.length < SHORTEST) {
            this.state.answer = null;
            return;
        }
        const answer = await this.keepLast.add(findReference(this.orm, text));
        Object.assign(this.state, {
            answer: {...answer, text},
            selected: 0,
            isOpen: true,
        });
    }

    onFocus() {
        this.state.isOpen = this.state.answer !== null;
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.searchLater();
    }

    /** What is pasted is a whole reference: it leads straight to its record. */
    async onPaste(ev) {
        ev.preventDefault();
        this.state.text = ev.clipboardData.getData("text").trim();
        await this.go();
    }

    async onKeydown(ev) {
        if (ev.key === "Enter") {
            await this.go();
        } else if (ev.key === "Escape") {
            this.state.isOpen = false;
            this.input.el.blur();
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            this.move(ev.key === "ArrowDown" ? 1 : -1);
        }
    }

    move(step) {
        const count = this.state.answer?.records.length;
        if (count) {
            this.state.selected = (this.state.selected + step + count) % count;
        }
    }

    /** Opens the record chosen in the list, or the only one that the text names. */
    async go() {
        const {answer, selected, isOpen} = this.state;
        if (this.isAnswered && isOpen && answer.records.length) {
            return this.open(answer.records[selected]);
        }
        // A search that is about to start would take the place of this one.
        this.searchLater.cancel();
        await this.search();
        const found = this.state.answer;
        if (found?.exact && found.records.length === 1) {
            return this.open(found.records[0]);
        }
    }

    async open(record) {
        Object.assign(this.state, {text: "", answer: null, isOpen: false});
        this.input.el.blur();
        await this.action.doAction(recordAction(record));
    }

    isSelected(record) {
        return this.state.answer.records[this.state.selected] === record;
    }
}

if (session.oiconnect_quick_search) {
    registry
        .category("systray")
        .add("oiconnect_quick_search", {Component: QuickSearch}, {sequence: 200});
}
