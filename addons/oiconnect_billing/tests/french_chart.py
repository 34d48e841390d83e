def load_french_chart(company):
    """Give a new company the French chart of accounts."""
    company.country_id = company.env.ref("base.fr")
    company.account_fiscal_country_id = company.country_id
    company.env["account.chart.template"]._load("fr", company, install_demo=False)
