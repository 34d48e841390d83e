import {markRaw} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {drawnStates, noFilters, readableFilters} from "./map_filters";
import {kindOf, KINDS} from "./map_kinds";
import {MapServer, StaleAnswer} from "./map_server";

/** Milliseconds that a view stays still before its objects are requested. */
const DELAY = 150;

function includes([south, west, north, east], inner) {
    return (
        south <= inner[0] && west <= inner[1] && north >= inner[2] && east >= inner[3]
    );
}

function same(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
}

/** What the server's errors say to the user: in its words where these are for users. */
export function messageOf(error) {
    const name = error?.data?.name || "";
    if (name.endsWith("SessionExpiredException")) {
        return _t("Your session has ended: reload the page to log in.");
    }
    if (error?.data?.message && name.startsWith("odoo.exceptions.")) {
        return error.data.message;
    }
    return error?.data
        ? _t("The server met an error: try again, then tell the administrator.")
        : _t("The server does not answer. Check your connection.");
}

/**
 * What the map shows and why: kinds, filters, the objects of the view, the card. Given
 * to OWL's `reactive`, so that components follow it; it knows nothing of the screen.
 */
export class MapModel {
    constructor(settings, server = new MapServer()) {
        this.settings = settings;
        this.server = markRaw(server);
        this.allKinds = Object.keys(KINDS).filter(
            (kind) => kind in settings.states || (kind === "zone" && settings.zones)
        );
        this.kinds = [...this.allKinds];
        this.filters = noFilters();
        this.layer = null;
        this.view = null;
        this.bounds = null;
        this.answer = null;
        this.communes = [];
        this.bare = false;
        this.status = "loading";
        this.error = "";
        this.card = null;
        this.choices = null;
        this.place = null;
    }

    destroy() {
        clearTimeout(this.timer);
        this.server.abort();
    }

    /** Take over what a URL or a former visit tells; what it does not tell stays. */
    restore({kinds, filters, layer, card}) {
        if (kinds) {
            this.kinds = this.allKinds.filter((kind) => kinds.includes(kind));
        }
        this.filters = this.readable(filters);
        this.layer = layer ?? this.layer;
        if (card) {
            this.open(card.model, card.id);
        }
    }

    /** A view may be shared with who may read less: nothing is filtered of the rest. */
    readable(filters) {
        return readableFilters(filters, this.settings.states);
    }

    /** The states of each kind, as they are drawn with these filters. */
    get states() {
        return drawnStates(this.filters, this.settings.states);
    }

    // The request

    get question() {
        return {
            kinds: [...this.kinds],
            filters: Object.fromEntries(
                Object.entries(this.filters).map(([name, values]) => [
                    name,
                    [...values],
                ])
            ),
            zoom: this.view.zoom,
        };
    }

    /** The kinds that may be on the map with these filters. */
    get offeredKinds() {
        return this.allKinds.filter((kind) => {
            const {needs} = KINDS[kind];
            return !needs || this.filters[needs]?.length;
        });
    }

    get shownKinds() {
        return this.offeredKinds.filter((kind) => this.kinds.includes(kind));
    }

    get activeFilters() {
        const filters = Object.values(this.filters).some((values) => values.length);
        return filters || this.kinds.length < this.allKinds.length;
    }

    setKinds(kinds) {
        this.kinds = this.allKinds.filter((kind) => kinds.includes(kind));
        this.load();
    }

    setFilter(name, values) {
        this.filters = this.readable({...this.filters, [name]: values});
        this.load();
    }

    clearFilters() {
        this.filters = noFilters();
        this.kinds = [...this.allKinds];
        this.load();
    }

    /** The map looks elsewhere: ask for what is there, unless it is known. */
    look(view, bounds) {
        this.view = view;
        this.bounds = bounds;
        clearTimeout(this.timer);
        if (this.isKnown()) {
            this.server.abort("view");
            this.status = "ready";
        } else {
            this.timer = setTimeout(() => this.load(), DELAY);
        }
    }

    isKnown() {
        return (
            this.answer?.bounds &&
            same(this.answeredQuestion, this.question) &&
            includes(this.answer.bounds, this.bounds)
        );
    }

    async load() {
        clearTimeout(this.timer);
        if (!this.bounds) {
            return;
        }
        const question = this.question;
        this.status = "loading";
        try {
            const params = {...question, bounds: this.bounds};
            this.answer = markRaw(await this.server.ask("view", params));
            this.answeredQuestion = question;
            this.status = "ready";
        } catch (error) {
            this.fail(error);
        }
        await this.loadCommunes();
    }

    fail(error) {
        if (!(error instanceof StaleAnswer)) {
            this.status = "error";
            this.error = messageOf(error);
        }
    }

    /** Names of communes stand in for the tiles. */
    async loadCommunes() {
        if (!this.bare || !this.bounds || this.status === "error") {
            return;
        }
        const {bounds, view} = this;
        try {
            const communes = await this.server.ask("communes", {
                bounds,
                zoom: view.zoom,
            });
            this.communes = markRaw(communes);
        } catch (error) {
            this.fail(error);
        }
    }

    setBare(bare) {
        if (bare !== this.bare) {
            this.bare = bare;
            this.communes = [];
            this.loadCommunes();
        }
    }

    // What is seen

    get isEmpty() {
        const {answer, status} = this;
        return (
            status === "ready" &&
            Boolean(answer) &&
            !answer.clusters?.length &&
            !answer.links?.length &&
            !answer.cables?.length &&
            !answer.zones?.length &&
            !Object.values(answer.points || {}).some((points) => points.length)
        );
    }

    /** Kinds that are too many to be drawn one by one at this zoom. */
    get tooMany() {
        return this.status === "ready" ? this.answer?.truncated || [] : [];
    }

    /** Buildings are wanted, but the view is too wide for them. */
    get hidesBuildings() {
        return (
            this.kinds.includes("building") &&
            "building" in this.settings.states &&
            Boolean(this.view) &&
            this.view.zoom < this.settings.building_zoom
        );
    }

    // What is looked at closely

    /** One object opens its card; of several at one place, the user chooses. */
    pick(objects) {
        if (objects.length === 1) {
            this.choose(objects[0]);
        } else {
            this.close();
            this.choices = objects;
            this.place = objects[0].place;
        }
    }

    choose({kind, id, place}) {
        return this.open(KINDS[kind].model, id, place);
    }

    async open(model, id, place = null) {
        this.choices = null;
        this.place = place;
        this.card = {model, id, status: "loading", data: null, error: ""};
        try {
            const data = await this.server.ask("card", {model, id});
            this.card = {model, id, status: "ready", data, error: ""};
        } catch (error) {
            if (!(error instanceof StaleAnswer)) {
                this.card = {
                    model,
                    id,
                    status: "error",
                    data: null,
                    error: messageOf(error),
                };
            }
        }
    }

    /** Where the object of the card is, when the view holds it. */
    get shownPlace() {
        if (this.place || !this.card) {
            return this.place;
        }
        const points = this.answer?.points?.[kindOf(this.card.model)] || [];
        const found = points.find(([id]) => id === this.card.id);
        return found ? {lat: found[1], lon: found[2]} : null;
    }

    close() {
        this.server.abort("card");
        this.card = null;
        this.choices = null;
        this.place = null;
    }
}
