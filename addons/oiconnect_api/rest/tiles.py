"""Vector tiles over HTTP: their description, compression, versions."""

import gzip
import hashlib

from fastapi import Response

from odoo.addons.oiconnect_infra.geo.tile import DEEPEST_TILE, Tile
from odoo.addons.oiconnect_infra.models.map.map_tile import KINDS, POINT_ZOOM

from . import versions
from .problem import Problem

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
# Deeper ones hold the same objects: clients draw these larger.
_MAX_ZOOM = POINT_ZOOM + 2
_HEADERS = {
    "Cache-Control": "private, max-age=60",
    "Vary": "Authorization, Accept-Encoding",
}
_SMALL = 500
_FIELDS = {
    "label": "name of the object",
    "state": "state, of a PBO its saturation",
    "count": f"objects there, before zoom {POINT_ZOOM}; those of each state beside",
}


def tile_at(z, x, y):
    """Return the tile of an address.

    :raises Problem: there is none
    """
    wrong = [
        {"parameter": name, "detail": f"below {2**z} at zoom {z}"}
        for name, value in (("x", x), ("y", y))
        if value >= 2**z
    ]
    if wrong:
        raise Problem(422, "invalid", errors=wrong)
    return Tile(z, x, y)


def answer(content, if_none_match, accept_encoding):
    """Return the response with a tile, or without it to who has it."""
    # Weak: it is that of the tile, compressed or not.
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = _HEADERS | {"ETag": tag}
    if versions.names(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    if "gzip" in (accept_encoding or "") and len(content) > _SMALL:
        content = gzip.compress(content, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=MEDIA_TYPE)


def tilejson(base, layers):
    """Return the TileJSON 3.0 of what a key opens.

    :param base: address of the API
    :param layers: ``{kind: (name of its layer, …)}``
    """
    return {
        "tilejson": "3.0.0",
        "name": "OIConnect",
        "scheme": "xyz",
        "tiles": [f"{base}/tiles/{{z}}/{{x}}/{{y}}.mvt"],
        "minzoom": 0,
        "maxzoom": _MAX_ZOOM,
        "vector_layers": [
            {
                "id": name,
                "fields": _FIELDS,
                "minzoom": KINDS[kind],
                "maxzoom": _MAX_ZOOM,
            }
            for kind, (name, _domain) in layers.items()
        ],
    }


__all__ = ["DEEPEST_TILE", "MEDIA_TYPE", "answer", "tile_at", "tilejson"]
