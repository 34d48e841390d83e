import base64
import hashlib
import io

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.lru import LRU

from odoo.addons.oiconnect_base.foreign_files.process import ReadingError, reading

from ...plan import pdf
from ...plan.assemble import assemble

#: the last plans, 100 kB each, by what they show: reports on a PM are made one by one
_drawn = LRU(32)
_READER = "odoo.addons.oiconnect_infra.plan.picture_reader"
#: what is read of a PM: {argument of ``assemble``: query}
_QUERIES = {
    "pbos": """
        SELECT id, reference, latitude, longitude, last_change_date AS changed
          FROM oiconnect_pbo WHERE pm_id = %(pm)s
    """,
    "buildings": """
        SELECT id, latitude, longitude, state, dwelling_count AS dwellings,
               concat_ws(
                   ' ',
                   NULLIF(street_number, '0') || COALESCE(street_number_suffix, ''),
                   building_name
               ) AS number,
               concat_ws(' ', street_type, street_name) AS street,
               last_change_date AS changed
          FROM oiconnect_building WHERE pm_id = %(pm)s AND state <> 'abandoned'
    """,
    "drops": """
        SELECT pbo_id, building_id
          FROM oiconnect_building_pbo_rel
          JOIN oiconnect_building building ON building.id = building_id
         WHERE building.pm_id = %(pm)s
    """,
    # A cable starts at the PM, or at the PBOs where it is spliced to another one.
    "cables": """
        SELECT EXISTS (SELECT FROM oiconnect_pm_position WHERE cable_id = cable.id)
                   AS is_first,
               ARRAY(SELECT DISTINCT pbo_id FROM oiconnect_splice
                      WHERE downstream_cable_id = cable.id AND pbo_id IS NOT NULL)
                   AS starts,
               ARRAY(SELECT pbo_id FROM oiconnect_pbo_fibre
                      WHERE cable_id = cable.id AND pbo_id IS NOT NULL
                      UNION
                     SELECT pbo_id FROM oiconnect_splice
                      WHERE upstream_cable_id = cable.id AND pbo_id IS NOT NULL)
                   AS ends
          FROM oiconnect_pbo_cable cable WHERE pm_id = %(pm)s
    """,
    "links": """
        SELECT link.reference, link.length_km, link.last_change_date AS changed,
               COALESCE(prdm.reference, nro.reference) AS target,
               COALESCE(prdm.latitude, nro.latitude) AS latitude,
               COALESCE(prdm.longitude, nro.longitude) AS longitude
          FROM oiconnect_pm_link link
          LEFT JOIN oiconnect_prdm prdm ON prdm.id = link.prdm_id
          LEFT JOIN oiconnect_nro nro ON nro.id = link.nro_id
         WHERE link.pm_id = %(pm)s AND link.state <> 'abandoned'
    """,
}


def plan_pdf(env, pm):
    """Return the plan of a PM as PDF: the one that was uploaded, or one that is drawn.

    The same data gives the same bytes, whoever asks for it and whenever.
    The caller checks that its user may read the PM, its PBOs and its buildings.
    """
    return env["oiconnect.pm"].browse(pm.id)._plan_pdf()


class PmPlan(models.Model):
    _inherit = "oiconnect.pm"

    plan_file = fields.Binary(
        "Uploaded plan",
        attachment=True,
        copy=False,
        help="PDF, JPEG or PNG. It takes the place of the plan drawn from the network.",
    )

    @api.constrains("plan_file")
    def _check_plan_file(self):
        for pm in self:
            content = pm._uploaded_plan()
            if content and not _is_pdf(content):
                pm._picture(content, "check")

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("plan_file") for vals in vals_list):
            return super().create(vals_list)
        # Odoo would shrink the picture, and so read it, before it is checked.
        pms = super(PmPlan, self.with_context(image_no_postprocess=True))
        return pms.create(vals_list).with_env(self.env)

    def write(self, vals):
        if "plan_file" not in vals:
            return super().write(vals)
        pms = self.with_context(image_no_postprocess=True)
        return super(PmPlan, pms).write(vals)

    def _picture(self, content, *command):
        """Return what the process that reads pictures answers of ``content``.

        :raises ValidationError: it is none that we take
        """
        try:
            with reading(_READER, io.BytesIO(content)) as read:
                return read.call(*command)[1]
        except ReadingError as error:
            if error.reason == "picture_too_large":
                raise ValidationError(
                    self.env._(
                        "The plan of PM %(pm)s is a picture of more than %(limit)s "
                        "million pixels: make it smaller, or choose a PDF.",
                        pm=self.reference,
                        **error.params,
                    )
                ) from error
            raise ValidationError(
                self.env._(
                    "The plan of PM %s is neither a PDF nor a picture in JPEG or "
                    "PNG: choose another file.",
                    self.reference,
                )
            ) from error

    def action_plan(self):
        """Download the plan of the PM."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/oiconnect/pm/{self.id}/plan.pdf",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    def _plan_pdf(self):
        self.ensure_one()
        # The language of the network's own work, not of who happens to ask
        lang = self.env.ref("base.user_root").sudo().lang
        pm = self.sudo().with_context(lang=lang)
        content = pm._uploaded_plan()
        words = pm._plan_words()
        if not content:
            return _draw(pm._plan_data(), words)
        if _is_pdf(content):
            return content
        title = f"{words['title']} {pm.reference}"
        return pm._picture(content, "page", title, pm.network_id.name)

    def _uploaded_plan(self):
        stored = self.with_context(bin_size=False, bin_size_plan_file=False).plan_file
        return base64.b64decode(stored or b"")

    # ------------------------------------------------------------------
    # What is drawn
    # ------------------------------------------------------------------

    def _plan_data(self):
        """Return the ``Plan`` of the PM, as the database has it now."""
        self.env.flush_all()
        commune = self.commune_id
        head = {
            "reference": self.reference,
            "network": self.network_id.name,
            "commune": f"{commune.name} ({commune.insee_code})" if commune else "–",
            "latitude": self.latitude,
            "longitude": self.longitude,
            "changed": self.last_change_date or None,
        }
        return assemble(head, **{name: self._plan_rows(name) for name in _QUERIES})

    def _plan_rows(self, name):
        return self.env.execute_query_dict(SQL(_QUERIES[name], pm=self.id))

    def _plan_words(self):
        """Return the texts of the plan that are no data."""
        return {
            "title": self.env._("Plan of PM"),
            "network": self.env._("Network:"),
            "commune": self.env._("Commune:"),
            "date": self.env._("Data of"),
            "overview": self.env._("Overview"),
            "sector": self.env._("Sector"),
            "sheet": self.env._("Sheet"),
            "scale": self.env._("Scale"),
            "whole": self.env._("PM"),
            "buildings": self.env._("Buildings"),
            "dwellings": self.env._("Dwellings"),
            "pbos": self.env._("PBOs"),
            "cables": self.env._("Cables"),
            "links": self.env._("Links"),
            "legend": self.env._("Legend"),
            "pm": self.env._("PM"),
            "pbo": self.env._("PBO and its reference"),
            "building_planned": self.env._("Planned building"),
            "building_on_demand": self.env._("Connectable on demand"),
            "building_deploying": self.env._("Being deployed"),
            "building_deployed": self.env._("Deployed"),
            "number": self.env._("Number (dwellings)"),
            "street": self.env._("Street"),
            "cable": self.env._("Cable"),
            "drop": self.env._("From the PBO to a building"),
            "link": self.env._("Link to the PRDM"),
            "remote": self.env._("PRDM or NRO"),
            "sector_frame": self.env._("Frame of a sector"),
            "schematic": self.env._(
                "The ways of cables are schematic, from point to point."
            ),
            "missing": self.env._("Objects without a usable place, not drawn:"),
            "left_out": self.env._("Labels that found no room:"),
        }


def _draw(plan, words):
    """Return the plan as PDF: drawn once for all who ask before it changes."""
    key = hashlib.sha256(repr((plan, words)).encode()).digest()
    content = _drawn.get(key)
    if content is None:
        content = _drawn[key] = pdf.draw(plan, words)
    return content


def _is_pdf(content):
    return content.startswith(b"%PDF-")
