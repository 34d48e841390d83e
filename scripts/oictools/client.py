"""A person's side of the product: calls by RPC what the web client calls."""

import xmlrpc.client


class Client:
    """`Client(port, database, "admin", "admin").call(model, method, …)`."""

    def __init__(self, port, database, login, password):
        base = f"http://127.0.0.1:{port}/xmlrpc/2"
        self.database = database
        self.password = password
        common = xmlrpc.client.ServerProxy(f"{base}/common")
        self.uid = common.authenticate(database, login, password, {})
        if not self.uid:
            raise PermissionError(f"{login} cannot log in to {database}")
        self._object = xmlrpc.client.ServerProxy(f"{base}/object", allow_none=True)

    def call(self, model, method, *arguments, **keywords):
        return self._object.execute_kw(
            self.database, self.uid, self.password, model, method, arguments, keywords
        )

    def read(self, model, domain, *fields, **keywords):
        return self.call(model, "search_read", domain, list(fields), **keywords)
