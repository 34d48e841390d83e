from lxml import etree

from odoo.tests import new_test_user, tagged

from ...models.inventory.manager import COLUMNS
from ..common import InfraCase

# Columns of the IPE file V3.1 in their order: where each is stored.
# A column of the PM is on the PM, whatever the lines that repeat it.
IPE = {
    "IdentifiantImmeuble": ("building", "identifier", 30),
    "CodeVoieRivoliImmeuble": ("building", "rivoli_code", 4),
    "CodeInseeImmeuble": ("building", "insee_code", 5),
    "CodePostalImmeuble": ("building", "postal_code", 5),
    "CommuneImmeuble": ("building", "city", None),
    "CodeAdresseImmeuble": ("building", "address_code", 10),
    "TypeVoieImmeuble": ("building", "street_type", None),
    "NomVoieImmeuble": ("building", "street_name", None),
    "NumeroVoieImmeuble": ("building", "street_number", 6),
    "ComplementNumeroVoieImmeuble": ("building", "street_number_suffix", 1),
    "BatimentImmeuble": ("building", "building_name", 60),
    "NombreLogementsAdresseIPE": ("building", "dwelling_count", None),
    "EtatImmeuble": ("building", "state", None),
    "DateSignatureConvention": ("building", "agreement_date", None),
    "GestionnaireImmeuble": ("building", "manager_name", None),
    "CodePostalGestionnaire": ("building", "manager_postal_code", 5),
    "CommuneGestionnaire": ("building", "manager_city", None),
    "TypeVoieGestionnaire": ("building", "manager_street_type", None),
    "NomVoieGestionnaire": ("building", "manager_street_name", None),
    "NumeroVoieGestionnaire": ("building", "manager_street_number", 6),
    "ComplementNumeroVoieGestionnaire": (
        "building",
        "manager_street_number_suffix",
        1,
    ),
    "CodeAdresseGestionnaire": ("building", "manager_address_code", 10),
    "SiretGestionnaire": ("building", "manager_siret", 14),
    "DateCablageAdresse": ("building", "cabling_date", None),
    "DateDerniereModification": ("building", "last_change_date", None),
    "ReferencePM": ("pm", "reference", 20),
    "EtatPM": ("pm", "state", None),
    "DateInstallationPM": ("pm", "installation_date", None),
    "TypeEmplacementPM": ("pm", "location_type", None),
    "CommentairePM": ("pm", "comment", None),
    "CapaciteMaxPM": ("pm", "max_capacity", None),
    "CodeVoieRivoliPM": ("pm", "rivoli_code", 4),
    "CodeInseePM": ("pm", "insee_code", 5),
    "CodePostalPM": ("pm", "postal_code", 5),
    "CommunePM": ("pm", "city", None),
    "CodeAdressePM": ("pm", "address_code", 10),
    "TypeVoiePM": ("pm", "street_type", None),
    "NomVoiePM": ("pm", "street_name", None),
    "NumeroVoiePM": ("pm", "street_number", 6),
    "ComplementNumeroVoiePM": ("pm", "street_number_suffix", 1),
    "BatimentPM": ("pm", "building_name", 60),
    "TypeIngenierie": ("pm", "engineering_type", 254),
    "FibreDedieeLibre": ("building", "dedicated_fibre_free", None),
    "NombreLogementsPM": ("pm", "dwelling_count", None),
    "NombreColonnesMontantesPM": ("pm", "riser_count", None),
    "DateMiseEnServiceCommercialePM": ("pm", "commercial_date", None),
    "ReferenceConsultationNative": ("pm", "native_consultation", None),
    "NombrePMTechniques": ("pm", "technical_pm_count", None),
    "TypeImmeuble": ("building", "building_type", None),
    "TypeProjectionGeographique": ("building", "projection", None),
    "CoordonneePMX": ("pm", "x", None),
    "CoordonneePMY": ("pm", "y", None),
    "CoordonneeImmeubleX": ("building", "x", None),
    "CoordonneeImmeubleY": ("building", "y", None),
    "RefRegroupementPM": ("lot", "reference", None),
    "EmplacementActifDisponible": ("pm", "active_equipment_slot", None),
    "QualiteAdressePM": ("pm", "address_quality", None),
    "DatePremiereMADPM": ("pm", "first_delivery_date", None),
    "AccordGestionnaireImmeubleNecessaire": (
        "building",
        "manager_agreement_required",
        None,
    ),
    "TypeZone": ("building", "zone_type", None),
    "CodeHexacleVoie": ("building", "street_code", 10),
    "DateMiseEnServiceCommercialeImmeuble": ("building", "commercial_date", None),
    "BrassageOI": ("pm", "oi_patching_only", None),
    "ImmeubleNeuf": ("building", "is_new", None),
    "DatePrevisionnelleLivraisonImmeubleNeuf": (
        "building",
        "expected_delivery_date",
        None,
    ),
    "SusceptibleRaccordableDemande": ("building", "on_demand_eligible", None),
    "DateDebutAcceptationCmdAcces": ("building", "order_acceptance_date", None),
    "DateDebutFournitureCRCmdAcces": ("building", "order_report_date", None),
    "DateRetablissementPM": ("pm", "recovery_date", None),
    "LongueurLigneImmeuble": ("building", "line_length_km", None),
    "ConditionsSyndic": ("building", "syndic_conditions", None),
    "CodeBAN": ("building", "ban_code", 24),
    "TypePBO": ("building", "pbo_type_id", None),
    "TypeRaccoPBPTO": ("building", "connection_type_id", None),
    "CodeOI": ("building", "network_id", None),
    "VoletPlanFranceTHD": ("building", "thd_plan_part", None),
    "Code_RNB": ("building", "rnb_code", 12),
    "Date_RNB": ("building", "rnb_date", None),
}
# Columns of the CPN file in their order. The place is that of the NRO; the link ends
# there when the PM has no PRDM.
CPN = {
    "CodeOI": ("pm", "network_id", None),
    "ReferencePM": ("pm", "reference", 20),
    "ReferencePMTechnique": ("technical.pm", "reference", 20),
    "ReferencePRDM": ("prdm", "reference", 20),
    "ReferenceNRO": ("nro", "reference", 15),
    "TypeNRO": ("nro", "nro_type", None),
    "EtatNRO": ("nro", "state", None),
    "EtatLienPMPRDM": ("pm.link", "state", None),
    "DateInstallationLienPMPRDM": ("pm.link", "installation_date", None),
    "ReferenceLienPMPRDM": ("pm.link", "reference", None),
    "LongueurLienPMPRDM": ("pm.link", "length_km", None),
    "LongueurMaxLignes": ("pm", "max_line_length_km", None),
    "CapaciteLienPMPRDM": ("pm.link", "capacity", None),
    "NbFODisponibles": ("pm.link", "free_fibre_count", None),
    "CodeInseeNRO": ("nro", "insee_code", 5),
    "CommuneNRO": ("nro", "city", None),
    "NomVoieNRO": ("nro", "street_name", None),
    "NumeroVoieNRO": ("nro", "street_number", 5),
    "TypeProjectionGeographique": ("nro", "projection", None),
    "CoordonneeNROX": ("nro", "x", None),
    "CoordonneeNROY": ("nro", "y", None),
    "DateDerniereModification": ("pm.link", "last_change_date", None),
}
# What links the objects of one line to each other
LINES = (
    ("building", "pm_id", "pm"),
    ("building", "manager_id", "manager"),
    ("pm", "lot_id", "lot"),
    ("pm", "prdm_id", "prdm"),
    ("pm", "nro_id", "nro"),
    ("prdm", "nro_id", "nro"),
    ("technical.pm", "pm_id", "pm"),
    ("pm.link", "pm_id", "pm"),
    ("pm.link", "technical_pm_id", "technical.pm"),
    ("pm.link", "prdm_id", "prdm"),
    ("pm.link", "nro_id", "nro"),
)
# Reports of PM orders: access to the technical PM, and batches of addresses.
CRMAD = {
    "ReferencePMTechnique": ("technical.pm", "reference", 20),
    "PMaccessible": ("technical.pm", "accessible", None),
    "InfoObtentionCle": ("technical.pm", "key_info", None),
    "CodeAccesImmeuble": ("technical.pm", "building_access_code", None),
    "CodeAccesSousSol": ("technical.pm", "basement_code", None),
    "CodeLocalPM": ("technical.pm", "room_code", None),
    "ContactsImmeuble": ("technical.pm", "building_contacts", None),
    "ContactsSyndic": ("technical.pm", "syndic_contacts", None),
    "AutresInformations": ("technical.pm", "other_info", None),
    "TypeMaterielPM": ("technical.pm", "equipment_type", None),
    "NombreLogementsPM": ("technical.pm", "dwelling_count", None),
    "ReferencePrestationPBs": ("pb.batch", "reference", None),
    "NombreLogementsPrestationPBs": ("pb.batch", "dwelling_count", None),
    "DateMADprestationPBs": ("pb.batch", "delivery_date", None),
}
ALL = [*IPE.items(), *CPN.items(), *CRMAD.items()]
STATES = {
    "building": {
        "target",
        "signed",
        "on_demand",
        "on_demand_deploying",
        "deploying",
        "deployed",
        "abandoned",
    },
    "pm": {"planned", "deploying", "deployed", "abandoned"},
    "pm.link": {"planned", "deploying", "deployed", "abandoned"},
    "nro": {"planned", "deploying", "deployed", "abandoned"},
    "prdm": {"planned", "deploying", "deployed", "abandoned"},
}
# Dates of change and numbers made from others are not changes of their own.
UNTRACKED = {"last_change_date", "network_id", "free_fibre_count"}


@tagged("post_install", "-at_install")
class TestColumns(InfraCase):
    """Every column of the published files has a home, wide enough and tracked."""

    def test_the_files_have_78_and_22_columns(self):
        self.assertEqual((len(IPE), len(CPN)), (78, 22))

    def test_the_objects_of_a_line_lead_to_each_other(self):
        for model, name, other in LINES:
            with self.subTest(f"{model}.{name}"):
                field = self.env[f"oiconnect.{model}"]._fields[name]
                self.assertEqual(field.comodel_name, f"oiconnect.{other}")
                self.assertTrue(field.store)

    def test_a_building_and_its_manager_have_the_same_columns(self):
        for column, name in COLUMNS.items():
            with self.subTest(column):
                own = self.env["oiconnect.building"]._fields[column]
                field = self.env["oiconnect.manager"]._fields[name]
                self.assertEqual((own.type, own.size), (field.type, field.size))

    def test_each_column_has_a_stored_field(self):
        for column, (model, name, size) in ALL:
            with self.subTest(column):
                field = self.env[f"oiconnect.{model}"]._fields[name]
                self.assertTrue(field.store)
                if size:
                    self.assertGreaterEqual(field.size, size)

    def shown_fields(self, model, user):
        """Return the fields of the form, those of its lists of neighbours apart."""
        views = self.env[model].with_user(user).get_views([(False, "form")])
        arch = etree.fromstring(views["views"]["form"]["arch"])
        return {
            node.get("name")
            for node in arch.iter("field")
            if not any(parent.tag == "field" for parent in node.iterancestors())
        }

    def test_each_column_is_on_a_form(self):
        """The columns of the manager are on its form, one click from the building."""
        user = new_test_user(
            self.env,
            "lecteur",
            "oiconnect_base.group_infra_read,oiconnect_base.group_link_read",
        )
        shown = {}
        for column, (kind, name, _size) in ALL:
            model = f"oiconnect.{kind}"
            if name in COLUMNS:
                model, name = "oiconnect.manager", COLUMNS[name]
            if model not in shown:
                shown[model] = self.shown_fields(model, user)
            with self.subTest(column):
                self.assertIn(name, shown[model])

    def test_each_tracked_column_can_be_seen_where_its_history_is(self):
        """Columns in the history of a form are on the form."""
        for kind in sorted({kind for _column, (kind, _name, _size) in ALL}):
            model = self.env[f"oiconnect.{kind}"]
            shown = self.shown_fields(model._name, self.env.user)
            hidden = set(model._tracked_fields) - shown - set(COLUMNS)
            with self.subTest(kind):
                self.assertFalse(hidden)

    def test_each_column_is_tracked(self):
        for column, (model, name, _size) in ALL:
            if name not in UNTRACKED:
                with self.subTest(column):
                    tracked = self.env[f"oiconnect.{model}"]._tracked_fields
                    self.assertIn(name, tracked)

    def test_states_are_those_of_the_protocol(self):
        for model, states in STATES.items():
            field = self.env[f"oiconnect.{model}"]._fields["state"]
            self.assertEqual(set(field.get_values(self.env)), states, model)

    def test_code_lists_are_delivered_as_the_files_write_them(self):
        types = self.env["oiconnect.pbo.type"].search([])
        self.assertLessEqual(
            {"IMMEUBLE", "FACADE", "CHAMBRE", "AERIEN POTEAU ENEDIS"},
            set(types.mapped("code")),
        )
        paths = self.env["oiconnect.pbo.connection.type"].search([])
        self.assertLessEqual(
            {"IMMEUBLE GOULOTTE OU APPARENT", "AERIEN"}, set(paths.mapped("code"))
        )
        colours = self.env["oiconnect.fibre.colour"].search([], order="number")
        self.assertEqual(
            colours.mapped("code")[:12],
            "ROUGE BLEU VERT JAUNE VIOLET BLANC ORANGE GRIS MARRON NOIR TURQUOISE "
            "ROSE".split(),
        )

    def test_projections_are_those_of_the_protocol(self):
        field = self.env["oiconnect.building"]._fields["projection"]
        self.assertEqual(
            field.get_values(self.env),
            ["RGF93", "WGS84", "LAMB2E", "RGFG95", "RGR92", "RGM04", "RGSPM06"],
        )
