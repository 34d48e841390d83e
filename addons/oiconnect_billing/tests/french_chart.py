from unittest.mock import patch

# Accounts of sales; others are those that taxes, journals and the company name.
SALES = "pcg_706"
MODEL = "account.chart.template"


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
        kept = {key: values for key, values in accounts.items() if key in named}
        return data | {"account.account": kept, "account.group": {}}

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
