/**
 * Opens all that a person can open: menus and a record of each; thoroughly, what its
 * buttons lead to, all views, filters and groups of each menu and the tabs of the record
 * too, and the texts that lists cut: these are the same for all who may open them.
 * Returns what was opened and what was wrong.
 */
(() => {
    const {rpcBus} = odoo.loader.modules.get("@web/core/network/rpc");
    // Buttons that lead somewhere, and change nothing.
    const LEADS = /^(\d+|action_(view|open|show|see)\w*)$/;
    // Many lead to the same map, which is slow to draw: it is opened so once.
    const TO_MAP = "action_show_on_map";
    const LIMIT = 60000;
    const AGAIN = 5000;
    // Milliseconds between two looks at what is awaited
    const PAUSE = 30;
    // Odoo's own lists keep the widths of Odoo
    const OUR_MODELS = /^(oiconnect\.|account\.move$)/;
    // What is as wide as the screen, or its dialog
    const WHOLE = ".o_content, .o_list_renderer, .o_form_sheet_bg, .modal-body";
    // Looks at what is too wide until it is taken for so
    const TRIES = 50;
    // Pixels that fonts and roundings take
    const HAIR = 5;
    // Pixels between the columns of a list that are no room for more text
    const CLOSE = 150;
    // Rows of a list that are drawn: one is opened, and widths need more
    const ROWS = 30;
    const FEW_ROWS = 5;
    let waiting = 0;
    rpcBus.addEventListener("RPC:REQUEST", () => (waiting += 1));
    rpcBus.addEventListener("RPC:RESPONSE", () => (waiting -= 1));

    const frame = () => new Promise((done) => requestAnimationFrame(done));
    // To ask for frames while waiting has pages laid out and drawn all the time.
    const pause = () => new Promise((done) => setTimeout(done, PAUSE));

    /** Wait for a condition; `again` is called every five seconds until then. */
    async function until(condition, what, again = null) {
        const begun = Date.now();
        let next = begun + AGAIN;
        while (!condition()) {
            if (Date.now() > begun + LIMIT) {
                const name = typeof what === "function" ? what() : what;
                throw new Error(`never came: ${name}`);
            }
            if (again && Date.now() > next) {
                next += AGAIN;
                again();
            }
            await pause();
        }
    }

    /** Wait until no request to the server is left and the page is drawn. */
    async function settled() {
        for (let still = 0; still < 3;) {
            await frame();
            still = waiting > 0 ? 0 : still + 1;
            await until(() => waiting <= 0, "an answer of the server");
        }
    }

    /** Odoo disables the buttons of a form until what one of them does is shown. */
    const isAtWork = (button) => button.isConnected && button.disabled;

    const isCut = (node) => node.scrollWidth > node.clientWidth + 1;

    /** The pixels that are left beside what a cell shows. */
    function room(cell) {
        const range = document.createRange();
        range.selectNodeContents(cell);
        const {paddingLeft, paddingRight} = getComputedStyle(cell);
        const inner = cell.clientWidth - parseFloat(paddingLeft);
        return inner - parseFloat(paddingRight) - range.getBoundingClientRect().width;
    }

    /** The pixels that lack for a cell to be read. */
    function lack(cell) {
        return [cell, ...cell.querySelectorAll("*")]
            .filter(isCut)
            .map((node) => node.scrollWidth - node.clientWidth)
            .reduce((most, pixels) => Math.max(most, pixels), 0);
    }

    /** Headings of a list that are cut, and values cut beside columns with room. */
    function* cutTexts(table) {
        const rows = [...table.querySelectorAll(".o_data_row")].slice(0, ROWS);
        const columns = [...table.querySelectorAll("thead th[data-name]")].map(
            (heading) => {
                const {name} = heading.dataset;
                const cells = rows
                    .map((row) => row.querySelector(`.o_data_cell[name="${name}"]`))
                    .filter(Boolean);
                return {
                    heading,
                    name,
                    room: Math.max(0, Math.min(...cells.map(room))),
                    lack: Math.max(0, ...cells.map(lack)),
                };
            }
        );
        for (const {heading, name} of columns) {
            const label = heading.querySelector(".text-truncate");
            if (label && isCut(label)) {
                yield `the heading of ${name} is cut: ${label.textContent.trim()}`;
            }
        }
        if (rows.length) {
            const spare = columns.reduce((sum, column) => sum + column.room, 0);
            for (const {name, lack} of columns) {
                if (lack > HAIR && spare > lack + CLOSE) {
                    yield `values of ${name} lack ${lack} pixels, ${Math.round(spare)} are left`;
                }
            }
        }
    }

    class Crawl {
        constructor(english, thorough) {
            this.english = new Set(english);
            this.thorough = thorough;
            this.limit = thorough ? ROWS : FEW_ROWS;
            this.services = odoo.__WOWL_DEBUG__.root.env.services;
            this.action = this.services.action;
            this.wrong = [];
            this.opened = [];
            this.mapWasOpened = false;
        }

        get controller() {
            return this.action.currentController;
        }

        note(where, what) {
            this.wrong.push(`${where}: ${what}`);
        }

        /** Look at what is shown: no error, no English. */
        async look(where) {
            this.opened.push(where);
            for (const dialog of document.querySelectorAll(".o_error_dialog")) {
                this.note(where, dialog.textContent.trim().slice(0, 300));
                dialog.closest(".modal").querySelector(".btn-close").click();
            }
            if (OUR_MODELS.test(this.controller?.props?.resModel)) {
                await this.lookAtSides(where);
                if (this.thorough) {
                    this.lookAtWidths(where);
                }
            }
            const texts = document.createTreeWalker(
                document.body,
                NodeFilter.SHOW_TEXT
            );
            while (texts.nextNode()) {
                const {parentElement: holder, data} = texts.currentNode;
                const isCode = () => holder.closest("script, style, .o_debug_manager");
                if (this.english.has(data.trim()) && !isCode()) {
                    this.note(where, `in English: ${data.trim()}`);
                }
            }
        }

        /** Nothing but a board is read by scrolling sideways, at widths that staff have. */
        async lookAtSides(where) {
            if (this.controller.view?.type === "kanban") {
                return;
            }
            const wide = () => [...document.querySelectorAll(WHOLE)].filter(isCut);
            // Columns make room once they are drawn.
            for (let tries = 0; wide().length && tries < TRIES; tries++) {
                await pause();
            }
            for (const part of wide()) {
                const surplus = part.scrollWidth - part.clientWidth;
                const edge = part.getBoundingClientRect().right;
                const sticks = ({right, width}) => width && right > edge + 1;
                const first = [...part.querySelectorAll("*")].find((inner) =>
                    sticks(inner.getBoundingClientRect())
                );
                const what = `${part.className}, by ${first?.outerHTML.slice(0, 200)}`;
                this.note(where, `${surplus} pixels too wide: ${what}`);
            }
        }

        lookAtWidths(where) {
            for (const table of document.querySelectorAll(".o_list_table")) {
                for (const cut of cutTexts(table)) {
                    this.note(where, cut);
                }
            }
        }

        async menus() {
            const menu = this.services.menu;
            const root = menu
                .getApps()
                .find(({xmlid}) => xmlid === "oiconnect_base.menu_root");
            const leaves = (node) => [
                ...(node.actionID ? [node] : []),
                ...node.childrenTree.flatMap(leaves),
            ];
            for (const leaf of menu
                .getMenuAsTree(root.id)
                .childrenTree.flatMap(leaves)) {
                await this.attempt(leaf.name, () => this.screen(leaf));
            }
        }

        async attempt(where, work) {
            try {
                await work();
            } catch (error) {
                this.note(where, error.message);
            }
        }

        async screen({actionID, name}) {
            const found = await this.action.loadAction(actionID);
            const {type, url, views: kinds = []} = found;
            if (
                !this.thorough &&
                kinds.length &&
                !kinds.some(([, one]) => one === "form")
            ) {
                // Who may write sees the same list.
                return;
            }
            if (type === "ir.actions.act_url") {
                // A page of another tab
                const {ok} = await fetch(url);
                if (!ok) {
                    this.note(name, `no page at ${url}`);
                }
                return;
            }
            // What the action says comes before what its views are given.
            const opening = this.action.doAction(
                {...found, limit: this.limit},
                {clearBreadcrumbs: true}
            );
            opening.catch((error) => this.note(name, error.message));
            const dialog = () => document.querySelector(".modal .btn-close");
            await until(
                () => this.controller?.action.id === actionID || dialog(),
                name
            );
            await settled();
            await this.look(name);
            if (dialog()) {
                dialog().click();
                await settled();
                return;
            }
            const {views} = this.controller;
            if (!views) {
                return;
            }
            await this.views(name, views);
        }

        /**
         * The views beside the one that the menu opens, which was looked at.
         *
         * A list is slow to draw: the first one leads to the form, and it comes again
         * in groups at the end only.
         */
        async views(name, views) {
            const types = views
                .filter((view) => view.multiRecord)
                .map(({type}) => type);
            const opened = this.controller.view.type;
            const left = new Set(this.thorough ? types : []);
            left.delete(opened);
            if (this.thorough) {
                await this.attempt(`${name} › filters`, () => this.filters());
            }
            if (types.includes("list") && views.some(({type}) => type === "form")) {
                await this.attempt(`${name} › form`, () => this.first(name, left));
            }
            for (const type of left) {
                await this.attempt(`${name} › ${type}`, () => this.view(name, type));
            }
            if (this.thorough) {
                const type = types.includes("list") ? "list" : opened;
                await this.attempt(`${name} › groups`, () => this.grouped(name, type));
            }
        }

        async view(name, type) {
            await this.show(type);
            await this.look(`${name} › ${type}`);
        }

        async show(type) {
            if (this.controller.view.type !== type) {
                await this.action.switchView(type);
                await settled();
            }
        }

        /**
         * The search of the screen, where its filters and groups are chosen.
         *
         * That of the screen before is there until the next one is drawn.
         */
        get search() {
            const model = this.controller.props.resModel;
            const find = ({component, children}) =>
                component.constructor.name === "SearchBar" &&
                component.env.searchModel.resModel === model
                    ? component.env.searchModel
                    : Object.values(children).map(find).find(Boolean);
            return find(odoo.__WOWL_DEBUG__.root.__owl__);
        }

        /** The domain of all filters at once: what each finds is checked elsewhere. */
        filters() {
            const search = this.search;
            if (search) {
                const before = [...search.query];
                this.choose(search, "filter", "dateFilter");
                search._getDomain();
                search.query = before;
            }
        }

        /** Choose all items of some types; nothing is sent to the server yet. */
        choose(search, ...types) {
            const items = search.getSearchItems(({type}) => types.includes(type));
            search.blockNotification = true;
            search.clearQuery();
            // Each of these does what it is for, and leaves other types alone.
            for (const {id} of items) {
                search.toggleSearchItem(id);
                search.toggleDateFilter(id);
                search.toggleDateGroupBy(id);
            }
            search.blockNotification = false;
            return items.length;
        }

        /** Choose all groups for the view that is shown next: how many there are. */
        group() {
            const search = this.search;
            return search ? this.choose(search, "groupBy", "dateGroupBy") : 0;
        }

        /** All groups at once: each alone is checked elsewhere. */
        async grouped(name, type) {
            // A form was opened from a list whose groups had been chosen.
            this.group();
            if (this.controller.view.type === type) {
                this.search?._notify();
            } else {
                await this.action.switchView(type);
            }
            await settled();
            if (type === "list" && this.group()) {
                await this.listInGroups();
            }
            await this.look(`${name} › groups`);
        }

        /** A list that is still loading drops what the search asks of it. */
        async listInGroups() {
            const table = () => document.querySelector(".o_list_table");
            const isGrouped = () =>
                table() && !table().matches(".o_list_table_ungrouped");
            await until(
                isGrouped,
                () => `groups of ${this.shown}`,
                () => this.group() && this.search._notify()
            );
            await settled();
        }

        get shown() {
            const {action, props, view} = this.controller;
            return `${action.name}, ${view?.type} of ${props.resModel}`;
        }

        /**
         * The first record of the list, its tabs, and where its buttons lead.
         *
         * @param {String} name
         * @param {Set} left the views that are left to look at: the list is not, then
         */
        async first(name, left) {
            if (left.delete("list")) {
                await this.view(name, "list");
            }
            await this.show("list");
            for (
                let header;
                (header = document.querySelector(".o_group_header:not(.o_group_open)"));
            ) {
                header.click();
                await settled();
                if (document.querySelector(".o_data_row")) {
                    break;
                }
            }
            const cell = document.querySelector(".o_data_row .o_data_cell");
            if (!cell) {
                return;
            }
            if (this.thorough && !left.size) {
                this.group();
            }
            cell.click();
            await until(
                () => document.querySelector(".o_form_view, .o_selected_row"),
                "a form, or a line to edit"
            );
            await settled();
            if (!document.querySelector(".o_form_view")) {
                return;
            }
            await this.look(`${name} › form`);
            const tabs = ".o_form_view .o_notebook .nav-link";
            if (!this.thorough) {
                return;
            }
            for (const tab of document.querySelectorAll(tabs)) {
                tab.click();
                await settled();
                await this.look(`${name} › ${tab.textContent.trim()}`);
            }
            await this.leads(name);
        }

        async leads(name) {
            const buttons = () => [
                ...document.querySelectorAll(
                    ".o_form_view button[name]:not([disabled])"
                ),
            ];
            const wanted = buttons()
                .map((button) => button.getAttribute("name"))
                .filter((lead) => LEADS.test(lead));
            for (const lead of new Set(wanted)) {
                if (lead === TO_MAP && this.mapWasOpened) {
                    continue;
                }
                this.mapWasOpened ||= lead === TO_MAP;
                const from = this.controller.jsId;
                const button = buttons().find(
                    (other) => other.getAttribute("name") === lead
                );
                if (!button) {
                    continue;
                }
                button.click();
                await until(() => !isAtWork(button), `the end of ${lead}`);
                await settled();
                await this.look(`${name} › ${lead}`);
                for (const close of document.querySelectorAll(".modal .btn-close")) {
                    close.click();
                    await settled();
                }
                if (this.controller.jsId !== from) {
                    await this.action.restore(from);
                    await settled();
                }
            }
        }
    }

    window.oiconnectCrawl = async (english, thorough) => {
        const crawl = new Crawl(english, thorough);
        await crawl.menus();
        return {opened: crawl.opened, wrong: crawl.wrong};
    };
})();
