import {
    Component,
    onMounted,
    onWillUnmount,
    useExternalListener,
    useState,
} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {cornersOf, geometryOf, ZoneEditor} from "./leaflet/zone_editor";
import {messageOf} from "./map_model";
import {MapServer} from "./map_server";

/** Draw the rear zone of a PM: what may be done, and saving it. */
export class ZonePanel extends Component {
    static template = "oiconnect_infra.ZonePanel";
    static props = {map: Object, pmId: Number, title: String, leave: Function};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.dialog = useService("dialog");
        this.server = new MapServer();
        this.state = useState({
            status: "loading",
            error: "",
            complete: false,
            corners: 0,
            changed: false,
        });
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
        onMounted(() => this.load());
        onWillUnmount(() => this.editor?.destroy());
    }

    async load() {
        try {
            const [zone] = await this.orm.silent.searchRead(
                "oiconnect.zone",
                [["pm_id", "=", this.props.pmId]],
                ["geometry", "source"],
                {limit: 1}
            );
            this.isGiven = Boolean(zone) && zone.source !== "hull";
            this.edit(zone?.geometry);
        } catch (error) {
            this.fail(error);
        }
    }

    edit(geometry) {
        const corners = cornersOf(geometry);
        if (!corners) {
            this.state.status = "parts";
            return;
        }
        const {map} = this.props.map;
        this.editor = new ZoneEditor(map, corners, {
            cornerTitle: _t("Corner"),
            onChange: () => this.follow(true),
        });
        if (corners.length) {
            map.fitBounds(corners, {animate: false, maxZoom: 17});
        }
        this.state.status = "ready";
        this.follow(false);
    }

    follow(changed) {
        const {corners, isComplete} = this.editor;
        Object.assign(this.state, {
            changed,
            complete: isComplete,
            corners: corners.length,
        });
    }

    fail(error) {
        Object.assign(this.state, {status: "error", error: messageOf(error)});
    }

    onKeydown(event) {
        if (event.key === "Escape" && !event.defaultPrevented) {
            this.cancel();
        }
    }

    /** Do what loses an outline, once the user has agreed if there is one to lose. */
    unlessLost(isLost, body, confirm) {
        if (!isLost) {
            return confirm();
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Zone of %s", this.props.title),
            body,
            confirm,
            confirmLabel: _t("Go on"),
            cancel: () => {},
        });
    }

    cancel() {
        this.unlessLost(
            this.state.changed,
            _t("The outline that you draw is not saved: it will be lost. Go on?"),
            () => this.props.leave(false)
        );
    }

    followBuildings() {
        this.unlessLost(
            this.isGiven || this.state.changed,
            _t(
                "The outline drawn or imported will be replaced by one around the buildings of the PM. Go on?"
            ),
            () => this.keep(null)
        );
    }

    save() {
        return this.keep(geometryOf(this.editor.corners));
    }

    /** Keep what is drawn; null gives the zone back to the buildings of the PM. */
    async keep(geometry) {
        this.state.status = "saving";
        try {
            await this.server.ask("zone", {pm_id: this.props.pmId, geometry});
        } catch (error) {
            this.fail(error);
            return;
        }
        this.notification.add(_t("Zone saved."), {type: "success"});
        this.props.leave(true);
    }
}
