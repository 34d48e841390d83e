import base64
import json

from odoo import api, models
from odoo.exceptions import UserError

from ...geo import zone as geo

# Property of a feature that names its PM, the first that a file has
REFERENCES = ("ReferencePM", "reference_pm", "pm", "reference")
MAX_PROBLEMS = 50
# A text of brackets alone goes deeper than Python follows.
_NO_GEOJSON = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
# Bytes of a file of zones: what JSON takes in memory is some thirty times as much
MAX_BYTES = 20_000_000
_DEGREES = ("CRS84", "4326")


class ZoneFile(models.Model):
    """Zones in files: GeoJSON, one feature for each PM."""

    _inherit = "oiconnect.zone"

    @api.model
    def _read_file(self, content, network, reference=None):
        """Return ``({pm: geometry}, [problem])`` of a GeoJSON file.

        :param reference: property that names the PM; the usual ones by default
        :raises UserError: it is no GeoJSON file of zones
        """
        features = self._features(content)
        names = [self._reference(feature, reference) for feature in features]
        pms = self.env["oiconnect.pm"].search(
            [("network_id", "=", network.id), ("reference", "in", names)]
        )
        known = {pm.reference: pm for pm in pms}
        found, problems = {}, []
        for rank, (feature, name) in enumerate(zip(features, names, strict=True), 1):
            problem = self._feature_problem(feature, name, known, found)
            if problem:
                problems.append(
                    self.env._(
                        "Feature %(rank)s: %(problem)s", rank=rank, problem=problem
                    )
                )
            else:
                found[known[name]] = geo.as_geojson(geo.parsed(feature["geometry"]))
        return found, problems

    @api.model
    def _features(self, content):
        if len(content) > MAX_BYTES:
            raise UserError(
                self.env._(
                    "The file is larger than the %s MB allowed: send zones in parts.",
                    MAX_BYTES // 1_000_000,
                )
            )
        try:
            collection = json.loads(content.decode("utf-8-sig"))
            features = collection["features"]
            kind, crs = collection["type"], json.dumps(collection.get("crs") or "CRS84")
        except _NO_GEOJSON as error:
            raise UserError(self._no_geojson()) from error
        if kind != "FeatureCollection" or not isinstance(features, list):
            raise UserError(self._no_geojson())
        if not any(name in crs for name in _DEGREES):
            raise UserError(
                self.env._(
                    "The file is not in degrees: export it in WGS84 (EPSG:4326)."
                )
            )
        if not features:
            raise UserError(self.env._("The file holds no zone: choose another file."))
        return features

    @api.model
    def _no_geojson(self):
        return self.env._(
            "The file is not a GeoJSON collection of features: choose another file."
        )

    @api.model
    def _reference(self, feature, reference):
        properties = isinstance(feature, dict) and feature.get("properties")
        if not isinstance(properties, dict):
            return ""
        names = [reference] if reference else REFERENCES
        value = next((properties[name] for name in names if properties.get(name)), "")
        return str(value).strip()

    @api.model
    def _feature_problem(self, feature, name, known, found):
        """Return why a feature cannot be taken, if it cannot."""
        if not name:
            return self.env._("no property names its PM: add one.")
        if name not in known:
            return self.env._("PM %s is not on the network: check its name.", name)
        if known[name] in found:
            return self.env._("PM %s has another zone in the file: keep one.", name)
        try:
            geo.parsed(feature.get("geometry"))
        except geo.ZoneError as error:
            return self.env._(
                "PM %(pm)s: %(problem)s", pm=name, problem=self._problem(error.code)
            )
        return None

    # ------------------------------------------------------------------
    # Export
    # ------------------------------------------------------------------

    def _as_file(self):
        """Return the zones as the text of a GeoJSON file."""
        features = [
            {
                "type": "Feature",
                "properties": {
                    REFERENCES[0]: zone.pm_id.reference,
                    "source": zone.source,
                },
                "geometry": zone.geometry,
            }
            for zone in self
        ]
        return json.dumps(
            {"type": "FeatureCollection", "features": features}, ensure_ascii=False
        )

    def action_export(self):
        """Download the zones as one GeoJSON file."""
        self.check_access("read")
        export = self.env["oiconnect.zone.export"].create(
            {"file": base64.b64encode(self._as_file().encode())}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/oiconnect.zone.export/{export.id}/file/zones.geojson"
            "?download=true",
            "target": "download",
        }
