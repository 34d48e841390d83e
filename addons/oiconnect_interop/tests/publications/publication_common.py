import base64
from unittest.mock import patch

from odoo import fields
from odoo.tests.common import TransactionCase, new_test_user

from odoo.addons.queue_job.tests.common import trap_jobs

MANAGER = "oiconnect_base.group_infra_manager"


class PublicationCase(TransactionCase):
    """A network with its plans, and three operators in two versions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.publications = cls.env["oiconnect.publication"]
        cls.network = cls.env["oiconnect.network"].create(
            {
                "name": "Réseau publié",
                "code": "TEST_01",
                "oi_code": "OIPU",
                "pto_prefix": "ZP",
            }
        )
        cls.operators = cls._make_operators("OCP1 V3.1", "OCP2 V3.0", "OCP3 V3.1")
        cls.person = new_test_user(cls.env, "publie", MANAGER, lang="fr_FR")
        cls.plan = cls._plan("ipe")
        plans = cls.plan | cls._plan("cpn")
        plans.write(
            {
                "operator_ids": [(6, 0, cls.operators.ids)],
                "responsible_id": cls.person.id,
            }
        )

    @classmethod
    def _make_operators(cls, *names):
        """Make operators of these codes and versions, each with its account."""
        operators = cls.env["oiconnect.operator"]
        for code, version in map(str.split, names):
            operators |= operators.create(
                {
                    "name": f"Opérateur {code}",
                    "interop_code": code,
                    "arcep_code": code,
                    "pm_version": version,
                }
            )
        cls.env["oiconnect.endpoint"].create(
            [
                {
                    "name": operator.name,
                    "network_id": cls.network.id,
                    "operator_id": operator.id,
                    "host": "sftp.invalid",
                    "login": operator.interop_code.lower(),
                }
                for operator in operators
            ]
        )
        return operators

    @classmethod
    def _plan(cls, family, network=None):
        plans = cls.env["oiconnect.publication.plan"].with_context(active_test=False)
        found = plans.search(
            [
                ("network_id", "=", (network or cls.network).id),
                ("family", "=", family),
            ]
        )
        return found.with_env(cls.env)

    def _schedule(self, step, plan=None):
        return (plan or self.plan).schedule_ids.filtered(lambda s: s.step == step)

    def _publish(self, *steps, plan=None, **options):
        """Queue the files of ``steps``, as a schedule or a person does."""
        with trap_jobs():
            return (plan or self.plan)._publish(steps or ["full"], **options)

    def _found(self, plan=None):
        return self.publications.search(
            [("plan_id", "=", (plan or self.plan).id)], order="id"
        )

    def _kinds(self, publications=None):
        """The (kind, version) of files, in the order in which they are made."""
        found = self._found() if publications is None else publications
        return found.sorted("id").mapped(lambda item: (item.kind, item.version))

    def _tasks(self, records=None):
        """The open tasks of the person in charge, on files of the plan."""
        records = self._found() if records is None else records
        return records.activity_ids.sorted("id")


class MadeCase(PublicationCase):
    """Files made without the network: what surrounds the making is tested."""

    def setUp(self):
        super().setUp()
        # Transactions of the job become savepoints of the test.
        self.registry_enter_test_mode()
        self.made = []
        self._make_by(self._make)

    def _make_by(self, make):
        """Let ``make`` stand for the making of files, which has its own tests."""
        patcher = patch.object(
            type(self.publications), "_produce", lambda records: make(records)
        )
        patcher.start()
        self.addCleanup(patcher.stop)

    def _make(self, publications):
        self.made.append(self._kinds(publications))
        for publication in publications:
            self._make_one(publication)

    def _make_one(self, publication):
        now = fields.Datetime.now()
        publication.write(
            {
                "state": "done",
                "name": f"OICONNECT_01_OIPU_{publication.kind}_{publication.id}.zip",
                "file": base64.b64encode(b"PK contents"),
                "size": 11,
                "line_count": 2,
                "as_of": now,
                "end_date": now,
            }
        )

    def _run(self, publications=None):
        """Run the job of ``publications``, else of all that wait."""
        found = self._found() if publications is None else publications
        waiting = found.filtered(lambda item: item.state in ("waiting", "running"))
        self.env.flush_all()
        waiting._run()
        self.env.invalidate_all()
        return found.mapped("state")

    def _run_raising(self, expected, publications=None):
        """Run a job that must raise; ``assertRaises`` would undo what it wrote."""
        try:
            self._run(publications)
        except expected as error:
            return error
        finally:
            self.env.invalidate_all()
        return self.fail("the job raised nothing")
