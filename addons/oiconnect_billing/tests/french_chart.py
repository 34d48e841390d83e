from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import TransactionCase, get_db_name

# Accounts of sales; others are those that taxes, journals and the company name.
SALES = "pcg_706"
MODEL = "account.chart.template"
#: of the company that waits, archived, for a class of tests to take it
WAITING = "Entreprise française en attente"


class FrenchCompanyCase(TransactionCase):
    """One company under the French chart is there before these tests begin.

    It takes two seconds: it is made once for each database, and archived. Each class
    takes it in its own transaction, and gives it back by the end of that.
    """

    @classmethod
    def setUpClass(cls):
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if not _waiting(env):
                company = _new_company(env, WAITING)
                company.active = False
                env.user.company_ids = [Command.unlink(company.id)]
        super().setUpClass()


def french_company(env, name):
    """Return a company under the French chart, that is not used yet."""
    company = _waiting(env)
    if not company:
        return _new_company(env, name)
    company.write({"name": name, "active": True})
    # As whoever makes a company belongs to it
    env.user.company_ids = [Command.link(company.id)]
    return company


def _waiting(env):
    archived = [("active", "=", False), ("name", "=", WAITING)]
    return env["res.company"].search(archived)


def _new_company(env, name):
    values = {"name": name, "currency_id": env.ref("base.EUR").id}
    company = env["res.company"].create(values)
    load_french_chart(company)
    return company


def load_french_chart(company):
    """Give a new company the French chart of accounts, without what no invoice needs.

    Six hundred accounts and their groups would take seconds, for each class of tests.
    """
    company.country_id = company.env.ref("base.fr")
    company.account_fiscal_country_id = company.country_id
    chart = company.env[MODEL]
    with patch.object(
        company.env.registry[MODEL], "_get_chart_template_data", _short_data(chart)
    ):
        chart._load("fr", company, install_demo=False)


def _short_data(chart):
    whole = type(chart)._get_chart_template_data

    def short(self, code):
        data = whole(self, code)
        accounts = data.pop("account.account")
        named = {SALES, *_words(data)}
        some = {key: values for key, values in accounts.items() if key in named}
        return data | {"account.account": some, "account.group": {}}

    return short


def _words(value):
    """Yield all words of nested values: names of records among them."""
    if isinstance(value, str):
        yield from value.split(",")
    elif isinstance(value, dict):
        for part in value.values():
            yield from _words(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _words(part)
