import json
import logging

import requests

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.outgoing import way_out

from ...search_text import SHORTEST, clean, escaped, plain, squeezed, words
from .kinds import KINDS
from .map_settings import ADDRESS_URL, DEFAULT_ADDRESS_URL

_logger = logging.getLogger(__name__)

# Addresses of the public API, and communes, at most
MOST = 5
TIMEOUT = 3
#: seconds and bytes of an answer, at most
SECONDS, SIZE, BLOCK = 8, 1024 * 1024, 16384
# Kinds that are searched, buildings first: an address is mostly theirs
_SEARCHED = ("building", "pm", "prdm", "pbo", "splice_box", "cable", "link")
_MODELS = [*(KINDS[kind].model for kind in _SEARCHED), "oiconnect.pto"]


class MapSearch(models.AbstractModel):
    """Search of a place: our own objects first, then the addresses of France.

    An answer is ``{"found", "message"}``: places, and what went wrong if anything did.
    """

    _inherit = "oiconnect.map"

    @api.model
    @api.private
    def _search_place(self, text):
        """Return our own objects and communes that ``text`` finds.

        A commune comes last, unless its name is all that is typed.
        """
        text, found = clean(text), []
        if len(squeezed(text)) >= SHORTEST:
            groups = self.env["oiconnect.quick.search"].find(text, _MODELS)["groups"]
            for group in sorted(
                groups, key=lambda group: _MODELS.index(group["model"])
            ):
                found += self._found(group["model"], group["label"], group["records"])
            communes = self._communes_found(text)
            named = communes.filtered(lambda commune: _same(commune.name, text))
            found = self._commune_results(named) + found
            found += self._commune_results(communes - named)
        return {"found": found, "message": None}

    @api.model
    @api.private
    def _search_addresses(self, text):
        """Return the addresses of the public API, when the administrator allows it.

        Requested apart: our own objects do not wait for the others' service.
        """
        text, found, message = clean(text), [], None
        if len(squeezed(text)) >= SHORTEST and self._is_address_search_allowed():
            found, message = self._addresses(text)
        return {"found": found, "message": message}

    # ------------------------------------------------------------------
    # Our own objects
    # ------------------------------------------------------------------

    @api.model
    def _found(self, model, label, rows):
        records = self.env[model].browse(row["id"] for row in rows)
        return [
            self._result(record, self._detail(record, label), self._place(record))
            for record in records
        ]

    @api.model
    def _result(self, record, detail, place):
        return {
            "label": record.display_name,
            "detail": detail,
            "lat": place[0] or None,
            "lon": place[1] if place[0] else None,
            "model": record._name,
            "id": record.id,
        }

    @api.model
    def _detail(self, record, label):
        address = "address" in record and record.address
        return f"{label} · {address}" if address else label

    @api.model
    def _place(self, record):
        """Return the latitude and longitude of a record, 0 if it is nowhere."""
        if record._name == "oiconnect.pto":
            pbo = record.sudo().pbo_id
            if pbo.latitude:
                return pbo.latitude, pbo.longitude
        return record.map_latitude, record.map_longitude

    @api.model
    def _communes_found(self, text):
        """Return the communes of the network: one that no object is in is nowhere."""
        model = self.env["oiconnect.commune"]
        if not model.has_access("read"):
            return model
        domain = Domain.AND(
            Domain("name", "ilike", escaped(word))
            for word in words(text.replace("-", " "))
        )
        return model.search(domain & Domain("latitude", "!=", 0), limit=MOST)

    @api.model
    def _commune_results(self, communes):
        label = self.env["ir.model"]._get(communes._name).name
        return [
            self._result(commune, label, (commune.latitude, commune.longitude))
            for commune in communes
        ]

    # ------------------------------------------------------------------
    # Addresses of France
    # ------------------------------------------------------------------

    @api.model
    def _addresses(self, text):
        """Return the addresses found and, if there was an error, its message."""
        url = self._parameter(ADDRESS_URL, DEFAULT_ADDRESS_URL).rstrip("/")
        try:
            answer = _ask(f"{url}/search/", {"q": text, "limit": MOST})
            return [_address(feature) for feature in answer["features"]], None
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


def _ask(url, question):
    """Return the JSON that a server answers, from that address and no other."""
    with (
        way_out("address search", SECONDS),
        requests.get(
            url, question, timeout=TIMEOUT, stream=True, allow_redirects=False
        ) as response,
    ):
        response.raise_for_status()
        content = b""
        for block in response.iter_content(BLOCK):
            content += block
            if len(content) > SIZE:
                raise ValueError("the answer is too large")
    if response.is_redirect:
        raise ValueError("the answer is at another address")
    return json.loads(content)


def _same(name, text):
    return squeezed(plain(name)) == squeezed(plain(text))


def _address(feature):
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    return {
        "label": str(feature["properties"]["label"]),
        "lat": float(latitude),
        "lon": float(longitude),
    }
