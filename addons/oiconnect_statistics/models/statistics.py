from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from odoo.addons.oiconnect_base.time_zone import local_today

from ..charts import MODE, MONTH, NETWORK, OPERATOR, PAGES, Chart, Filters, days_domain

GROUP = "oiconnect_base.group_statistics_read"


class Statistics(models.AbstractModel):
    """Figures of orders, tickets and the network, counted when they are requested.

    A number is the count of the list that its bar leads to, for the user who asks: its
    rights and companies apply. Who has the right to statistics and none to a kind of
    records gets the numbers of these, in its companies, without the lists.
    """

    _name = "oiconnect.statistics"
    _description = "Statistics"

    @api.model
    @api.readonly
    def read_page(self, page):
        """Return what the client needs to draw a page, without its numbers."""
        page = self._page(page)
        dimensions = self._dimension_labels()
        return {
            "title": str(self._text(page.title)),
            "charts": [
                {"key": chart.key, "title": str(self._text(chart.title))}
                for chart in page.charts
            ],
            "dimensions": [(name, dimensions[name]) for name in page.dimensions],
            "compared": page.compared,
            "filters": self._usual_days(page),
            "can_export": self.env.user.has_group("base.group_allow_export"),
        }

    @api.model
    @api.readonly
    def read_chart(self, page, key, filters=None, dimension=None):
        """Return the bars of a chart: label, number, and the domain of its list.

        :param filters: dict of ``date_from`` and ``date_to`` (ISO), ``operator_ids``
            and ``network_ids``
        :param dimension: of a rate, by which it is split
        """
        page = self._page(page)
        chart = page.chart(key)
        if not chart:
            raise UserError(self.env._("There is no chart “%s”: reload the page.", key))
        filters = self._filters(filters)
        if isinstance(chart, Chart):
            return self._read_counts(chart, filters)
        dimension = dimension or page.dimensions[0]
        if dimension not in page.dimensions:
            raise UserError(
                self.env._("“%s” does not split this page: reload it.", dimension)
            )
        return self._read_rate(page, chart, filters, dimension)

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    @api.model
    def _page(self, key):
        """Return the page ``key``, to who has the right to statistics."""
        if not self.env.su and not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._("You may not see statistics: ask for the right to them.")
            )
        if key not in PAGES:
            raise UserError(
                self.env._("There is no page “%s” of statistics: use the menu.", key)
            )
        return PAGES[key]

    @api.model
    def _filters(self, values):
        """Return the filters that the client wrote, with the networks that count."""
        try:
            filters = Filters.parse(values)
        except ValueError as error:
            raise UserError(
                self.env._("These filters cannot be read: clear them.")
            ) from error
        networks = self._networks()
        if chosen := filters.network_ids:
            networks = networks.filtered(lambda one: one.id in chosen)
        return filters._replace(network_ids=tuple(networks.ids))

    @api.model
    def _usual_days(self, page):
        if not page.months:
            return {}
        first = local_today().replace(day=1)
        first -= relativedelta(months=page.months - 1)
        return {"date_from": first.isoformat()}

    @api.model
    def _dimension_labels(self):
        return {
            MONTH: self.env._("By month"),
            NETWORK: self.env._("By network"),
            OPERATOR: self.env._("By operator"),
            MODE: self.env._("By connection type"),
        }

    @api.model
    def _text(self, text):
        """Return a lazy text in the language of the user."""
        return self.env._(text)

    # ------------------------------------------------------------------
    # What is counted
    # ------------------------------------------------------------------

    @api.model
    def _records_of(self, source):
        """Return the model of a source: as superuser when the user may not read it."""
        records = self.env[source.model].with_context(active_test=False)
        return records if records.has_access("read") else records.sudo()

    @api.model
    def _networks(self):
        """Return the networks that count: of the user's companies, by the screen."""
        networks = self.env["oiconnect.network"].with_context(active_test=False)
        companies = Domain("company_id", "in", self.env.companies.ids)
        return networks.search(companies & networks._shown_by_screen())

    @api.model
    def _source_domain(self, source, filters):
        date_field = self.env[source.model]._fields[source.date_field]
        domain = Domain(list(source.domain)) if source.domain else Domain.TRUE
        domain &= Domain(source.network_field, "in", list(filters.network_ids))
        if filters.operator_ids and source.operator_field:
            domain &= Domain(source.operator_field, "in", list(filters.operator_ids))
        return domain & days_domain(
            source.date_field,
            date_field.type == "datetime",
            filters.date_from,
            filters.date_to,
        )

    @api.model
    def _values_of(self, records, name, found):
        """Return ``[(value, label)]`` of a field, as its bars stand.

        All values of a selection; of a relation those that are found, most first.

        :param found: ``{value: number}``
        """
        field = records._fields[name]
        unknown = [(False, self.env._("Not told"))] if found.get(False) else []
        if field.type == "selection":
            return field._description_selection(self.env) + unknown
        named = self.env[field.comodel_name].browse(filter(None, found))
        named = named.sudo().with_context(active_test=False)
        ranked = sorted(named, key=lambda one: (-found[one.id], one.display_name))
        return [(one.id, one.display_name) for one in ranked] + unknown

    @api.model
    def _month_label(self, month):
        return format_date(self.env, month, date_format="MMM yyyy")

    @api.model
    def _lead(self, source, domain):
        """Return the list of what a bar counts, None when the user may not read it."""
        if self._records_of(source).env.su and not self.env.su:
            return None
        return {"model": source.model, "domain": list(domain)}
