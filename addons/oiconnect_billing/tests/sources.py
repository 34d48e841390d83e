"""Records of every source, past their workflows: history is not the point here."""

from odoo.tools import SQL

from .common import moment


class Sources:
    """Makes what is billed, for the network of ``billing``."""

    def __init__(self, billing):
        self.billing, self.env = billing, billing.env
        self.network, self.company = billing.network, billing.company
        self.common = {"network_id": self.network.id, "company_id": self.company.id}
        self.pm = billing.make("oiconnect.pm", reference="T95-PM-1", state="deployed")
        billing.building.write({"pm_id": self.pm.id, "dwelling_count": 12})
        self.team = billing.make("oiconnect.appointment.team", name="Équipe")
        self.rank = 0

    def insert(self, model, **vals):
        vals = {name: value for name, value in vals.items() if value is not None}
        [[res_id]] = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(self.env[model]._table),
                SQL(", ").join(map(SQL.identifier, vals)),
                tuple(vals.values()),
            )
        )
        return self.env[model].browse(res_id)

    def reference(self, operator):
        self.rank += 1
        return f"{operator.interop_code}-{self.rank:05d}"

    def provided(self, operator, start, end=None):
        """Return what an operator has between two days, both included."""
        return {
            **self.common,
            "operator_id": operator.id,
            "reference": self.reference(operator),
            "start_date": start,
            "end_date": end,
            "active": not end,
        }

    # ------------------------------------------------------------------

    def access(self, operator, start, end=None, **vals):
        return self.billing.access(operator, start, end, **vals)

    def takeover(self, operator, start):
        holder = self.billing.access(
            operator, "2024-01-10", start, state="overwritten", retained_type="na"
        )
        return self.billing.access(
            operator, start, retained_type="na", takeover_of_id=holder.id
        )

    def pm_service(self, operator, start, end=None, kind="loca", pm=None):
        pm = pm or self.billing.make(
            "oiconnect.pm", reference=f"PM-{self.reference(operator)}", state="deployed"
        )
        return self.insert(
            "oiconnect.pm.service",
            **self.provided(operator, start, end),
            pm_id=pm.id,
            kind=kind,
            technical_choice="P",
        )

    def cofinancing(self, operator, start, end=None, level=1):
        made = self.insert(
            "oiconnect.cofinancing",
            **self.provided(operator, start, end),
            zone="ZONE-1",
            share=25,
            level=level,
            technical_choice="P",
        )
        self.env.cr.execute(
            "INSERT INTO oiconnect_cofinancing_pm_rel VALUES (%s, %s)",
            [made.id, self.pm.id],
        )
        return made

    def link(self):
        prdm = self.billing.make("oiconnect.prdm", reference=f"PRDM-{self.rank}")
        pm = self.billing.make("oiconnect.pm", reference=f"PML-{self.rank}")
        return self.billing.make(
            "oiconnect.pm.link",
            reference=f"LIEN-{self.rank}",
            pm_id=pm.id,
            prdm_id=prdm.id,
        )

    def link_service(self, operator, start, end=None):
        return self.insert(
            "oiconnect.link.service",
            **self.provided(operator, start, end),
            link_id=self.link().id,
        )

    def link_order(self, operator, start):
        return self.insert(
            "oiconnect.link.order",
            **self.order(operator, "ar_ok"),
            link_id=self.link().id,
            order_type="init",
            fibre_count=3,
            progress_scope=0,
            available_date=moment(start),
        )

    def link_fibre(self, operator, start, end=None):
        order = self.link_order(operator, start)
        fibre = self.billing.make(
            "oiconnect.pm.link.fibre", link_id=order.link_id.id, number=1
        )
        return self.insert(
            "oiconnect.link.order.fibre",
            order_id=order.id,
            fibre_id=fibre.id,
            number=1,
            company_id=self.company.id,
            end_date=moment(end),
        )

    def order(self, operator, state):
        return {
            **self.common,
            "operator_id": operator.id,
            "oc_reference": self.reference(operator),
            "state": state,
            "is_open": False,
        }

    def pm_order(self, operator, start):
        return self.insert(
            "oiconnect.pm.order",
            **self.order(operator, "terminated"),
            pm_id=self.pm.id,
            kind="unit",
            purpose="rental",
            delivered_date=moment(start),
        )

    def pm_update(self, operator, start):
        service = self.pm_service(operator, start, start)
        return self.insert(
            "oiconnect.pm.order",
            **self.order(operator, "answered"),
            pm_id=self.pm.id,
            service_id=service.id,
            kind="unit",
            purpose="update",
            report_date=moment(start),
        )

    def pb_order(self, operator, start):
        return self.insert(
            "oiconnect.pb.order",
            **self.order(operator, "laid"),
            building_id=self.billing.building.id,
            laid_date=start,
        )

    def pb_batch(self, operator, start):
        return self.insert(
            "oiconnect.pb.batch",
            **self.common,
            reference=self.reference(operator),
            pm_id=self.pm.id,
            operator_id=operator.id,
            delivery_date=start,
            dwelling_count=7,
        )

    def ticket(self, operator, start, code):
        closure = self.env["oiconnect.ticket.closure.code"]._of(code)
        return self.insert(
            "oiconnect.ticket",
            **self.common,
            operator_id=operator.id,
            reference=self.reference(operator),
            oc_key=self.reference(operator),
            state="closed",
            opened_by="oc",
            priority="0",
            opened_date=moment(start),
            closed_date=moment(start),
            closure_code_id=closure.id,
        )

    def ticket_wrong(self, operator, start):
        return self.ticket(operator, start, "STT01")

    def ticket_absence(self, operator, start):
        return self.ticket(operator, start, "ABS01")

    def missed_visit(self, operator, start):
        visit = self.insert(
            "oiconnect.appointment",
            **self.common,
            reference=f"RDV-{self.reference(operator)}",
            operator_id=operator.id,
            oc_reference=self.reference(operator),
            state="customer_absent",
            team_id=self.team.id,
            start=moment(start),
            stop=moment(f"{start}T14:00:00"),
            commune_id=self.env["oiconnect.commune"].search([], limit=1).id,
            kind="production",
            product="FTTH",
            segment="GP",
        )
        return self.insert(
            "oiconnect.workflow.step",
            res_model="oiconnect.appointment",
            res_id=visit.id,
            company_id=self.company.id,
            event="miss",
            date=moment(start),
            user_id=self.env.uid,
            channel="ui",
        )
