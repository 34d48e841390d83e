"""Questions to a server as the web client asks them, with a session of its own."""

import json
import urllib.request


def ask(server, path, session="", **params):
    """Ask the server as the web client does; return the answer and its headers."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{path}",
        json.dumps({"params": params}).encode(),
        {"Content-Type": "application/json", "Cookie": f"session_id={session}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer), answer.headers


def session_of(server, login):
    """Log in as a browser does; return the cookie's value."""
    _answer, headers = ask(
        server,
        "/web/session/authenticate",
        db=server.database,
        login=login,
        password=login,
    )
    return headers["Set-Cookie"].split("session_id=")[1].split(";")[0]
