from odoo.tests.common import HttpCase

from odoo.addons.oiconnect_orders.tests.common import (
    make_network,
    make_operator,
    open_pm,
)

from ...rest import ROOT
from ...rest.problem import CONTENT_TYPE


class RestCase(HttpCase):
    """A small network and two operators; a key of each, and one of our own user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = make_network(cls.env)
        for name, record in cls.made.items():
            setattr(cls, name, record)
        cls.operator = make_operator(cls.env, "OCT1")
        cls.rival = make_operator(cls.env, "OCT2")
        cls.service = open_pm(cls.env, cls.made, cls.operator)
        cls.user = cls.env.ref("base.user_admin")
        cls.key, cls.value = cls._new_key(user_id=cls.user.id, level="write")
        cls.operator_key, cls.operator_value = cls._new_key(operator_id=cls.operator.id)
        cls.rival_key, cls.rival_value = cls._new_key(operator_id=cls.rival.id)

    def setUp(self):
        super().setUp()
        self.env.flush_all()

    @classmethod
    def _new_key(cls, level="read", resources=None, networks=None, **vals):
        networks = networks or cls.network
        return cls.env["oiconnect.api.key"]._make(
            {
                "name": "Clé d'essai",
                "company_id": networks.company_id.id,
                "network_ids": [(6, 0, networks.ids)],
                "rate_class": "fast",
                **vals,
            },
            resources=resources,
            level=level,
        )

    def _call(self, method, path, value=None, headers=None, **options):
        """Return the answer to one call, by the key of our user unless another."""
        value = self.value if value is None else value
        headers = {"Accept-Language": "en", **(headers or {})}
        if value:
            headers["Authorization"] = f"Bearer {value}"
        self.env.flush_all()
        address = f"{self.base_url()}{ROOT}{path}"
        answer = self.opener.request(
            method, address, headers=headers, timeout=30, **options
        )
        self.env.invalidate_all()
        return answer

    def _get(self, path, value=None, status=200, **params):
        answer = self._call("GET", path, value, params=params)
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json()

    def assertProblem(self, answer, status, kind):
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual(answer.headers["Content-Type"], CONTENT_TYPE)
        problem = answer.json()
        self.assertEqual(problem["type"], f"urn:oiconnect:problem:{kind}")
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["title"])
        return problem
