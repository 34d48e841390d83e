import base64

from odoo.tests.common import TransactionCase, new_test_user

from odoo.addons.queue_job.tests.common import trap_jobs

from .delivery_files import delivery_zip

BASE = "base.group_user,oiconnect_base.group_"
NAME = "livraison.zip"


class GracethdCase(TransactionCase):
    """A network that deliveries come to, and people who bring them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = cls._make_network("GT_01")
        cls.strict = cls.env.ref("oiconnect_gracethd.grid_strict")
        groups = f"{BASE}import_user,oiconnect_base.group_infra_read"
        cls.user = new_test_user(cls.env, "gracethd_user", groups)
        cls.manager = new_test_user(cls.env, "gracethd_boss", f"{BASE}import_manager")
        cls.reader = new_test_user(cls.env, "gracethd_eyes", f"{BASE}import_read")
        cls.stranger = new_test_user(cls.env, "gracethd_none", f"{BASE}infra_manager")

    @classmethod
    def _make_network(cls, code):
        values = {"name": code, "code": code, "oi_code": "OITG", "pto_prefix": "ZT"}
        return cls.env["oiconnect.network"].create(values)

    @classmethod
    def _upload(cls, content, name=NAME, user=None, **values):
        """Return the import of a file, or of the tables of one."""
        if not isinstance(content, bytes):
            content = delivery_zip(content)
        values = {"network_id": cls.network.id, "file_name": name} | values
        values["file"] = base64.b64encode(content)
        return cls.env["oiconnect.import"].with_user(user or cls.user).create(values)

    @classmethod
    def _worked(cls, record, action):
        """Push a button of ``record`` and do the job that it makes."""
        with trap_jobs() as trap:
            getattr(record, action)()
            trap.assert_jobs_count(1)
        record.sudo()._perform()
        cls.env.invalidate_all()
        return record

    @classmethod
    def _checked(cls, record):
        return cls._worked(record, "action_check")

    def _own(self, model):
        own = [("network_id", "=", self.network.id)]
        return self.env[f"oiconnect.{model}"].search(own)
