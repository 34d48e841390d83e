"""Pages of the documentation: all that they load comes from this server."""

from functools import cache
from importlib.resources import files

PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OIConnect – API REST</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="/oiconnect_base/static/description/icon.png">
</head>
<body>
<div id="documentation"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="/oiconnect_interop/static/api/docs.js"></script>
</body>
</html>
"""
_TYPES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}


@cache
def asset(name):
    """Return ``(bytes, media type)`` of a file of the pages; None if there is none."""
    if name not in _TYPES:
        return None
    content = files("fastapi_offline").joinpath("static", name).read_bytes()
    return content, _TYPES[name]
