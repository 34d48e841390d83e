"""A person's side of the product: calls by RPC what the web client calls."""

import json
import urllib.request

TIMEOUT = 120


class Refused(Exception):
    """What the server answers instead of a result; `kind` is its exception."""

    def __init__(self, error):
        data = error.get("data", {})
        super().__init__(data.get("message") or error.get("message"))
        self.kind = data.get("name", "")


class Client:
    """`Client(port, database, "admin", "admin").call(model, method, …)`."""

    def __init__(self, port, database, login, password):
        self.url = f"http://127.0.0.1:{port}/jsonrpc"
        self.database = database
        self.password = password
        self.uid = self._rpc("common", "login", database, login, password)
        if not self.uid:
            raise PermissionError(f"{login} cannot log in to {database}")

    def _rpc(self, service, method, *arguments):
        params = {"service": service, "method": method, "args": arguments}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        request = urllib.request.Request(
            self.url, body.encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            answer = json.load(response)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("result")

    def call(self, model, method, *arguments, **keywords):
        identity = (self.database, self.uid, self.password)
        return self._rpc(
            "object", "execute_kw", *identity, model, method, arguments, keywords
        )

    def read(self, model, domain, *fields, **keywords):
        return self.call(model, "search_read", domain, list(fields), **keywords)
