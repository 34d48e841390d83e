"""Sentences of imports and publications of an IPE or a CPN."""

from odoo.addons.oiconnect_import.bulk.messages import with_lines
from odoo.addons.oiconnect_import.protocol import FileError
from odoo.addons.oiconnect_import.protocol.errors import _lt

MESSAGES = {
    # whole file
    "bad_source": _lt(
        "The field %(field)s cannot be written in the column %(column)s: correct the "
        "format in Flows and formats."
    ),
    "no_history_columns": _lt(
        "The format of %(flow)s does not say which columns it tells: give a list of "
        "values to its column of the field change.field."
    ),
    # one line, by a rule between columns
    "no_key": _lt(
        "Neither IdentifiantImmeuble nor CodeAdresseImmeuble is given: give one, so "
        "that the building can be recognised."
    ),
    "ambiguous_key": _lt(
        "Several buildings of the network have this address code and building name: "
        "give IdentifiantImmeuble."
    ),
    "other_network": _lt("%(column)s must be %(expected)s, the code of the network."),
    "doubled": _lt(
        "%(column)s is on several lines, first on line %(first)s: keep one line for "
        "each building."
    ),
    "same_address": _lt(
        "Line %(first)s has the same address code and building name: give each "
        "building an identifier or a name."
    ),
    "address_differs": _lt(
        "%(column)s differs from line %(first)s, which has the same address code."
    ),
    "pm_differs": _lt(
        "%(column)s differs from line %(first)s of the same PM, which was kept."
    ),
    "required_with_pm": _lt("%(column)s is required when ReferencePM is given."),
    "useless_without_pm": _lt(
        "%(column)s is ignored since ReferencePM is empty: give the PM or empty it."
    ),
    "planned_pm": _lt(
        "A planned PM may not be named in this version: empty its columns, or use "
        "version V2.2 or later."
    ),
    "required_with_deployed_pm": _lt("%(column)s is required when EtatPM is DEPLOYE."),
    "three_months": _lt("%(column)s should be three months after DatePremiereMADPM."),
    "required_with_agreement": _lt(
        "%(column)s is required when the manager must agree and the building is "
        "signed, being deployed or deployed."
    ),
    "required_with_signature": _lt(
        "%(column)s is required when DateSignatureConvention is given."
    ),
    "signed_without_agreement": _lt(
        "A building may be SIGNE only if AccordGestionnaireImmeubleNecessaire is O."
    ),
    "deployed_before_pm": _lt("A building is DEPLOYE whereas its PM is not."),
    "cabled_after_file": _lt(
        "The building is DEPLOYE but %(column)s is later than the file."
    ),
    "deployed_without_date": _lt("%(column)s is required when the state is DEPLOYE."),
    "abandoned_too_long": _lt(
        "The building was abandoned more than three months before the file: leave it "
        "out of the file."
    ),
    "pm_abandoned_too_long": _lt(
        "The PM was abandoned more than three months before the file: leave it out of "
        "the file."
    ),
    "changed_after_file": _lt("%(column)s must not be later than the file."),
    "six_months": _lt(
        "%(column)s should be at most six months after DateSignatureConvention."
    ),
    "installed_after_file": _lt(
        "The PM is DEPLOYE but %(column)s is later than the file."
    ),
    "first_delivery_changed": _lt(
        "%(column)s was %(before)s and never changes once it is set: check the file."
    ),
    "change_not_dated": _lt(
        "The line changes the building, last changed on %(before)s: %(column)s should "
        "be later, check the file."
    ),
    "building_move": _lt(
        "A building does not go from %(before)s to %(after)s: check the file."
    ),
    "pm_move": _lt("A PM does not go from %(before)s to %(after)s: check the file."),
    "answers_before_orders": _lt(
        "%(column)s must not be before DateDebutAcceptationCmdAcces."
    ),
    "not_located": _lt(
        "The address cannot be located: give an address code, a Rivoli code and a "
        "number, a street code and a number, or coordinates."
    ),
    "no_projection": _lt(
        "%(column)s is required with coordinates: say the projection they are in."
    ),
    "half_point": _lt("%(column)s is required with the other coordinate."),
    "negative": _lt("%(column)s must not be negative."),
    "unknown_pm": _lt(
        "The PM %(value)s is not in the network: import the IPE that tells it first."
    ),
    "useless_without_link": _lt(
        "%(column)s is ignored since ReferenceLienPMPRDM is empty: give the reference "
        "of the link or empty it."
    ),
    "required_with_link": _lt(
        "%(column)s is required when ReferenceLienPMPRDM is given."
    ),
    "more_free_than_fibres": _lt(
        "%(column)s is more than the fibres of the link: it is ignored, check "
        "CapaciteLienPMPRDM."
    ),
    "nro_differs": _lt(
        "%(column)s differs from line %(first)s of the same NRO, which was kept."
    ),
    "prdm_differs": _lt(
        "%(column)s differs from line %(first)s of the same PRDM, which was kept."
    ),
    "doubled_link": _lt(
        "%(column)s is on several lines, first on line %(first)s: keep one line for "
        "each link."
    ),
    "link_of_other_pm": _lt(
        "The link %(value)s is of PM %(before)s in the network: correct the PM, or "
        "give the link another reference."
    ),
    "fewer_than_used": _lt(
        "Fibres of the link in use: %(used)s. %(column)s must be at least as many."
    ),
    "fibres_listed": _lt(
        "The fibres of the link are listed one by one in the network, which counts "
        "%(capacity)s: %(column)s is ignored."
    ),
    "markup": _lt(
        "%(column)s has the signs < or >: no reference or address has, take them away."
    ),
    "unknown_commune": _lt(
        "No commune has the INSEE code of %(column)s: correct it, or add the commune "
        "in Configuration."
    ),
    "unknown_code": _lt(
        "%(column)s is not in the list of the network: correct it, or add it to the "
        "list in Infrastructure."
    ),
}


class PublicationError(FileError):
    """Refusal of a file to publish, whose format cannot be written."""

    def __str__(self):
        return MESSAGES[self.reason] % self.params


def message_text(env, key, params):
    """Return the sentence of an error in the user's language."""
    return with_lines(env, env._(MESSAGES[key], **(params or {})), params)
