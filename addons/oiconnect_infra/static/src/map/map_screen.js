import {
    Component,
    onMounted,
    onWillUnmount,
    toRaw,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {ActiveFilters} from "./active_filters";
import {Card} from "./card";
import {FiltersPanel} from "./filters_panel";
import {useFullScreen} from "./full_screen";
import {LayersPanel} from "./layers_panel";
import {LeafletMap} from "./leaflet/leaflet_map";
import {Legend} from "./legend";
import {kindOf, KINDS} from "./map_kinds";
import {linkOf, remember} from "./map_memory";
import {MapModel} from "./map_model";
import {writeState} from "./map_state";
import {SearchBox} from "./search_box";
import {ZonePanel} from "./zone_panel";

/** Milliseconds that the hint on Ctrl and the wheel stays, and the word on the tiles. */
const HINT = 2000;
const NOTICE = 8000;
/** Zoom at which one place is shown. */
const PLACE_ZOOM = 18;
const COMMUNE_ZOOM = 14;
const BUTTONS_DRAWER = new Set(["filters", "layers", "search", "link"]);

/** The map and what stands on it. MapModel knows what is shown, LeafletMap draws it. */
export class MapScreen extends Component {
    static template = "oiconnect_infra.MapScreen";
    static components = {
        ActiveFilters,
        Card,
        FiltersPanel,
        LayersPanel,
        Legend,
        SearchBox,
        ZonePanel,
    };
    static props = {settings: Object, opening: Object, mayDraw: Boolean};

    setup() {
        this.actions = useService("action");
        this.notification = useService("notification");
        this.canvas = useRef("canvas");
        this.fullScreen = useFullScreen();
        this.model = useState(new MapModel(this.props.settings));
        this.ui = useState({drawer: null, hint: false, tilesFail: false, zone: null});
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        useSetupAction({getLocalState: () => ({map: this.query})});
        onMounted(() => this.mount());
        onWillUnmount(() => this.unmount());
        this.useDrawing();
    }

    /** Draw again what changes in the model, and write its view into the URL. */
    useDrawing() {
        const {model} = this;
        useEffect(
            (answer) => answer && this.map.show(toRaw(answer), toRaw(model).states),
            () => [model.answer]
        );
        useEffect(
            (communes) => this.map.showCommunes(toRaw(communes)),
            () => [model.communes]
        );
        useEffect(
            () => this.map.highlight(model.shownPlace),
            () => [model.shownPlace?.lat, model.shownPlace?.lon]
        );
        useEffect(
            () => this.remember(),
            () => [JSON.stringify(this.query)]
        );
    }

    mount() {
        const {opening, settings} = this.props;
        this.map = new LeafletMap(this.canvas.el, settings.states, {
            hint: () => this.showHint(),
            leave: () => !this.ui.zone && this.model.close(),
            move: () => this.onMove(),
            pick: (objects) => this.onPick(objects),
            tiles: (loaded) => this.onTiles(loaded),
        });
        this.model.restore(opening);
        this.setLayer(this.model.layer);
        this.showOpening(opening);
    }

    unmount() {
        clearTimeout(this.hintTimer);
        clearTimeout(this.noticeTimer);
        this.model.destroy();
        this.map.destroy();
    }

    showOpening({view, focus}) {
        if (focus) {
            this.showFocus(focus);
        } else if (view) {
            this.map.setView(view);
        } else {
            this.map.showBounds(this.props.settings.home);
        }
    }

    /** What a form sends here: one place, or the ends of something. */
    showFocus({model, id, lat, lon, bounds}) {
        if (bounds) {
            this.map.showBounds(bounds);
        } else {
            this.map.setView({lat, lon, zoom: PLACE_ZOOM});
        }
        if (kindOf(model)) {
            this.model.open(model, id, bounds ? null : {lat, lon});
        } else if (!bounds) {
            this.model.place = {lat, lon};
        }
    }

    // The view, in the URL

    get query() {
        const {allKinds, card, filters, kinds, layer, view} = this.model;
        return writeState({allKinds, card, filters, kinds, layer, view});
    }

    remember() {
        if (this.model.view) {
            remember(this.query);
        }
    }

    /** An object under a corner that is drawn does not take the click away from it. */
    onPick(objects) {
        if (this.ui.zone) {
            this.map.clickAt(objects[0].place);
        } else {
            this.model.pick(objects);
        }
    }

    onMove() {
        this.model.look(this.map.view, this.map.bounds);
    }

    get link() {
        return linkOf(this.query);
    }

    async copyLink() {
        this.toggleDrawer("link");
        if (this.ui.drawer === "link") {
            await browser.navigator.clipboard?.writeText(this.link).then(
                () => this.notification.add(_t("Link copied."), {type: "success"}),
                () => {}
            );
        }
    }

    // The buttons around

    get fullScreenLabel() {
        return this.fullScreen.state.on
            ? _t("Leave the full screen (Esc)")
            : _t("Full screen");
    }

    zoomBy(levels) {
        this.map.zoomBy(levels);
    }

    canZoom(levels) {
        return !this.model.view || this.map.canZoom(levels);
    }

    showHome() {
        this.map.showBounds(this.props.settings.home);
    }

    toggleDrawer(name) {
        this.ui.drawer = this.ui.drawer === name ? null : name;
    }

    closeDrawer() {
        this.ui.drawer = null;
    }

    showHint() {
        this.ui.hint = true;
        clearTimeout(this.hintTimer);
        this.hintTimer = setTimeout(() => (this.ui.hint = false), HINT);
    }

    /** Esc closes what is open, the last opened first, and leaves the full screen. */
    onKeydown(event) {
        if (event.key !== "Escape" || event.defaultPrevented) {
            return;
        }
        if (BUTTONS_DRAWER.has(this.ui.drawer)) {
            this.closeDrawer();
            // Not the zone that is drawn as well: its panel hears the key after this.
            event.preventDefault();
        } else if (this.ui.zone) {
            return;
        } else if (this.model.card || this.model.choices) {
            this.model.close();
        } else if (this.fullScreen.state.on) {
            this.fullScreen.leave();
        }
    }

    // The background

    get layer() {
        const {settings} = this.props;
        if (this.model.layer === "none") {
            return null;
        }
        const chosen = settings.tiles.find(({name}) => name === this.model.layer);
        return chosen || settings.tiles[0] || null;
    }

    setLayer(name) {
        this.model.layer = name;
        this.ui.tilesFail = false;
        this.map.setBase(this.layer);
        this.model.setBare(!this.layer);
    }

    onTiles(loaded) {
        if (loaded || !this.model.bare) {
            this.ui.tilesFail = !loaded;
            clearTimeout(this.noticeTimer);
            this.noticeTimer = setTimeout(() => (this.ui.tilesFail = false), NOTICE);
        }
        this.model.setBare(!loaded);
    }

    // From the map to a place or a record

    /** Show what is searched: an object of the map, an address, a socket, a commune. */
    goTo({lat, lon, model, id, label}) {
        this.closeDrawer();
        if (!lat && !lon) {
            const message = _t(
                "%s has no place: it cannot be shown on the map.",
                label
            );
            this.notification.add(message, {type: "warning"});
            return;
        }
        const zoom = model === "oiconnect.commune" ? COMMUNE_ZOOM : PLACE_ZOOM;
        this.map.setView({lat, lon, zoom});
        if (kindOf(model)) {
            this.model.open(model, id, {lat, lon});
        } else {
            this.model.close();
            this.model.place = {lat, lon};
        }
        this.canvas.el.focus();
    }

    /** Open the record of a card, or what its card says to do. */
    openRecord({model, id, data}) {
        this.fullScreen.leave();
        if (data?.action) {
            return this.actions.doActionButton({
                context: user.context,
                name: data.action.name,
                resId: id,
                resModel: model,
                type: "object",
            });
        }
        return this.actions.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    get hidden() {
        return this.model.tooMany.map((kind) => KINDS[kind].label).join(", ");
    }

    // The zone of a PM

    editZone({id, data}) {
        this.ui.drawer = null;
        this.ui.zone = {pmId: id, title: data.title};
    }

    async leaveZone(saved) {
        this.ui.zone = null;
        if (saved) {
            await this.model.load();
        }
    }
}
