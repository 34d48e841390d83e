import logging

import requests

from odoo import api, models
from odoo.fields import Domain

from .map_settings import ADDRESS_URL, DEFAULT_ADDRESS_URL
from .map_view import MODELS

_logger = logging.getLogger(__name__)

SHORTEST = 3
LONGEST = 200
# Records of each kind, and addresses of the public API, at most
MOST = 5
TIMEOUT = 3
# Kind: fields that it is searched by
_SEARCHED = {
    "pm": ("reference", "address"),
    "prdm": ("reference",),
    "pbo": ("reference",),
    "building": ("identifier", "address"),
    "pto": ("reference",),
    "commune": ("name",),
}
_MODELS = MODELS | {"pto": "oiconnect.pto", "commune": "oiconnect.commune"}


class MapSearch(models.AbstractModel):
    """Search of a place: our own objects first, then the addresses of France."""

    _inherit = "oiconnect.map"

    @api.model
    @api.private
    def _search_place(self, text):
        """Return what ``text`` finds: own objects, addresses, and why there are none.

        Addresses are those of the public API, when the administrator allows it.
        """
        text = " ".join(str(text or "").split())[:LONGEST]
        answer = {"own": [], "addresses": [], "address_error": None}
        if len(text) < SHORTEST:
            return answer
        for kind in _SEARCHED:
            model = self.env[_MODELS[kind]]
            if model.has_access("read"):
                answer["own"] += self._found(kind, self._matching(kind, text))
        if self._is_address_search_allowed():
            answer["addresses"], answer["address_error"] = self._addresses(text)
        return answer

    # ------------------------------------------------------------------
    # Our own objects
    # ------------------------------------------------------------------

    @api.model
    def _matching(self, kind, text):
        """Return the records that hold ``text``, those that begin with it first.

        Each field apart: an index serves each, none serves two at once.
        """
        model = self.env[_MODELS[kind]]
        found = model.browse()
        for name in _SEARCHED[kind]:
            for pattern in (f"{_escaped(text)}%", f"%{_escaped(text)}%"):
                if len(found) < MOST:
                    domain = Domain(name, "=ilike", pattern)
                    if kind == "commune":
                        # One that no object is in is nowhere on the map.
                        domain &= Domain("latitude", "!=", 0)
                    found |= model.search(domain, limit=MOST, order="id")
        return found[:MOST]

    @api.model
    def _found(self, kind, records):
        label = self.env["ir.model"]._get(records._name).name
        return [
            {
                "label": record.display_name,
                "detail": self._detail(record, label),
                "lat": place[0],
                "lon": place[1],
                "model": record._name,
                "id": record.id,
            }
            for record in records
            for place in [self._place(kind, record)]
        ]

    @api.model
    def _detail(self, record, label):
        address = "address" in record and record.address
        return f"{label} · {address}" if address else label

    @api.model
    def _place(self, kind, record):
        """Return the latitude and longitude of a record, None if it is nowhere."""
        if kind == "pto":
            record = record.sudo()
            record = record.pbo_id if record.pbo_id.latitude else record.building_id
        if not record.latitude:
            return None, None
        return record.latitude, record.longitude

    # ------------------------------------------------------------------
    # Addresses of France
    # ------------------------------------------------------------------

    @api.model
    def _addresses(self, text):
        """Return the addresses found and, if there was an error, its message."""
        url = self._parameter(ADDRESS_URL, DEFAULT_ADDRESS_URL).rstrip("/")
        try:
            response = requests.get(
                f"{url}/search/", params={"q": text, "limit": MOST}, timeout=TIMEOUT
            )
            response.raise_for_status()
            return [_address(feature) for feature in response.json()["features"]], None
        except requests.Timeout:
            message = self.env._(
                "The address service does not answer: try again in a moment."
            )
        except (ValueError, KeyError, TypeError, IndexError) as error:
            _logger.warning("Address service %s: %r", url, error)
            message = self.env._(
                "The address service gave an answer that cannot be read: tell the "
                "administrator to check its address."
            )
        except requests.RequestException as error:
            _logger.info("Address service %s: %s", url, error)
            message = self.env._(
                "The address service cannot be reached: try again, then tell the "
                "administrator."
            )
        return [], message


def _escaped(text):
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return text


def _address(feature):
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    return {
        "label": str(feature["properties"]["label"]),
        "lat": float(latitude),
        "lon": float(longitude),
    }
