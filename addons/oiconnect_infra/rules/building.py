"""Rules of a building, alone or beside its PM."""

from functools import partial

from .declaration import (
    BLOCKING,
    BUILDING,
    Compared,
    _lt,
    changed_later,
    last_change,
    of,
    record_rule,
)

_rule = partial(record_rule, BUILDING)

RULES = (
    _rule(
        "R2b",
        ("address_code",),
        _lt("Another address has the same address code"),
        _lt(
            "An older building with the same address code has another address: "
            "correct the code or the address of one of them."
        ),
        """EXISTS (
            SELECT FROM oiconnect_building o
             WHERE o.network_id = %(building_network_id)s
               AND o.address_code = %(building_address_code)s
               AND o.id < %(building_id)s
               AND (o.insee_code, o.postal_code, o.city, o.street_type,
                    o.street_name, o.street_number, o.street_number_suffix)
                   IS DISTINCT FROM (
                    %(building_insee_code)s, %(building_postal_code)s,
                    %(building_city)s, %(building_street_type)s,
                    %(building_street_name)s, %(building_street_number)s,
                    %(building_street_number_suffix)s))""",
        key="address_differs",
        linked=True,
        same=of(
            BUILDING,
            "insee_code",
            "postal_code",
            "city",
            "street_type",
            "street_name",
            "street_number",
            "street_number_suffix",
        ),
        compared=(
            "building.address",
            Compared(
                _lt("Older building"),
                """(SELECT concat_ws(' · ', o.identifier, o.address)
                      FROM oiconnect_building o
                     WHERE o.network_id = %(building_network_id)s
                       AND o.address_code = %(building_address_code)s
                       AND o.id < %(building_id)s
                     ORDER BY o.id LIMIT 1)""",
            ),
        ),
    ),
    _rule(
        "R7",
        ("agreement_date",),
        _lt("Work without the manager's agreement"),
        _lt(
            "The manager must agree before the building is signed, being deployed or "
            "deployed: give the date of the agreement."
        ),
        "%(building_manager_agreement_required)s "
        "AND %(building_state)s IN ('signed', 'deploying', 'deployed') "
        "AND %(blamed)s IS NULL",
        key="required_with_agreement",
        severity=BLOCKING,
    ),
    _rule(
        "R7b",
        (
            "manager_name",
            "manager_postal_code",
            "manager_city",
            "manager_street_name",
        ),
        _lt("Agreement signed, manager unknown"),
        _lt("An agreement is signed: give the name and address of the manager."),
        "%(building_manager_agreement_required)s "
        "AND %(building_agreement_date)s IS NOT NULL AND %(blamed)s IS NULL",
        key="required_with_signature",
        severity=BLOCKING,
    ),
    _rule(
        "R8",
        ("state",),
        _lt("Signed although no agreement is needed"),
        _lt(
            "Only a building whose manager must agree is signed: tick “Agreement "
            "required” or choose another state."
        ),
        "%(building_state)s = 'signed' "
        "AND %(building_manager_agreement_required)s IS NOT TRUE",
        key="signed_without_agreement",
        severity=BLOCKING,
    ),
    _rule(
        "R9",
        ("state",),
        _lt("Deployed whereas its PM is not"),
        _lt(
            "A building is deployed behind a deployed PM: correct its state, that of "
            "its PM, or choose its PM."
        ),
        "%(building_state)s = 'deployed' AND %(pm_state)s IS DISTINCT FROM 'deployed'",
        key="deployed_before_pm",
    ),
    _rule(
        "R9b",
        ("cabling_date",),
        _lt("Deployed, but cabled in the future"),
        _lt(
            "The building is deployed: give the day when it was cabled, or set it back "
            "to “Being deployed”."
        ),
        "%(building_state)s = 'deployed' AND %(building_cabling_date)s > %(day)s",
        key="cabled_after_file",
    ),
    _rule(
        "R9c",
        ("cabling_date",),
        _lt("Deployed, date of cabling unknown"),
        _lt("The building is deployed: give the day when it was cabled."),
        "%(building_state)s = 'deployed' AND %(blamed)s IS NULL",
        key="deployed_without_date",
    ),
    _rule(
        "R10",
        ("state",),
        _lt("Abandoned, nobody knows since when"),
        _lt(
            "An abandoned building is published for three months: give the day when it "
            "was abandoned, or correct its state."
        ),
        "%(building_state)s = 'abandoned' AND %(building_abandoned_date)s IS NULL "
        "AND (%(building_last_change_date)s IS NULL "
        "OR %(building_last_change_date)s < %(day)s - interval '3 months')",
        key="abandoned_too_long",
        optional=("building_abandoned_date",),
    ),
    _rule(
        "R12",
        ("dwelling_count",),
        _lt("Dwellings are not those of its levels"),
        _lt(
            "Operators are told as many dwellings as its levels have: correct the "
            "number of dwellings, or the levels."
        ),
        """EXISTS (
            SELECT FROM (SELECT building_id, sum(dwelling_count) AS number
                           FROM oiconnect_building_level GROUP BY building_id) l
             WHERE l.building_id = %(building_id)s
               AND l.number <> COALESCE(%(building_dwelling_count)s, 0))""",
        linked=True,
        compared=(
            Compared(
                _lt("Dwellings of its levels"),
                """(SELECT sum(dwelling_count) FROM oiconnect_building_level l
                     WHERE l.building_id = %(building_id)s)""",
            ),
        ),
    ),
    _rule(
        "R13",
        ("last_change_date",),
        _lt("Date of last change missing or ahead"),
        _lt("Change the building or save it again: the date of last change follows."),
        "%(building_last_change_date)s IS NULL "
        "OR %(building_last_change_date)s > %(day)s",
        key="changed_after_file",
    ),
    _rule(
        "R13b",
        ("last_change_date",),
        _lt("Changed after its date of last change"),
        _lt(
            "The history has a later change: change the building again, the date of "
            "last change follows."
        ),
        changed_later(BUILDING),
        linked=True,
        compared=(last_change(BUILDING),),
    ),
    _rule(
        "R14",
        ("cabling_date",),
        _lt("Cabled more than six months after the agreement"),
        _lt(
            "The law gives six months from the agreement: bring the cabling forward, "
            "or correct one of the dates."
        ),
        "%(building_cabling_date)s > %(building_agreement_date)s + interval '6 months'",
        key="six_months",
    ),
    _rule(
        "R15",
        ("order_report_date",),
        _lt("Orders answered before they are accepted"),
        _lt("Give a date of answers that is not before the date of acceptance."),
        "%(building_order_report_date)s < %(building_order_acceptance_date)s",
        key="answers_before_orders",
        fixed=True,
        severity=BLOCKING,
    ),
    _rule(
        "R16",
        ("address_code",),
        _lt("The address cannot be located"),
        _lt(
            "Give an address code, a Rivoli code and a number, a street code and a "
            "number, or coordinates."
        ),
        "%(building_address_code)s IS NULL "
        "AND (%(building_rivoli_code)s IS NULL OR %(building_street_number)s IS NULL) "
        "AND (%(building_street_code)s IS NULL OR %(building_street_number)s IS NULL) "
        "AND (%(building_x)s IS NULL OR %(building_y)s IS NULL)",
        key="not_located",
        optional=(
            "building_rivoli_code",
            "building_street_number",
            "building_street_code",
            "building_x",
            "building_y",
        ),
    ),
    _rule(
        "G2",
        ("x", "y"),
        _lt("Half of the coordinates"),
        _lt("Give both coordinates, or none."),
        "%(blamed)s IS NULL AND COALESCE(%(building_x)s, %(building_y)s) IS NOT NULL",
        key="half_point",
    ),
    _rule(
        "Q1",
        ("pm_id",),
        _lt("Behind an abandoned PM"),
        _lt("Its PM is abandoned: choose another PM, or abandon the building too."),
        "%(pm_state)s = 'abandoned' AND %(building_state)s <> 'abandoned'",
    ),
    _rule(
        "Q3",
        ("pbo_ids",),
        _lt("Deployed without PBO"),
        _lt(
            "A deployed building is served by a PBO: say which one, without it no "
            "order can be studied."
        ),
        """%(building_state)s = 'deployed' AND NOT EXISTS (
            SELECT FROM oiconnect_building_pbo_rel r
             WHERE r.building_id = %(building_id)s)""",
        linked=True,
        compared=(
            "building.state",
            # None: the rule says so
            Compared(_lt("PBOs that serve it"), "0"),
        ),
    ),
    _rule(
        "Q4",
        ("pbo_ids",),
        _lt("Served by a PBO of another PM"),
        _lt("One of its PBOs is behind another PM: correct the PBO or the PM."),
        """EXISTS (
            SELECT FROM oiconnect_building_pbo_rel r
              JOIN oiconnect_pbo o ON o.id = r.pbo_id
             WHERE r.building_id = %(building_id)s
               AND o.pm_id <> %(building_pm_id)s)""",
        linked=True,
        compared=(
            "pm.reference",
            Compared(
                _lt("PBOs of another PM"),
                """(SELECT string_agg(concat(o.reference, ' (', p.reference, ')'), ', '
                                      ORDER BY o.reference)
                      FROM oiconnect_building_pbo_rel r
                      JOIN oiconnect_pbo o ON o.id = r.pbo_id
                      JOIN oiconnect_pm p ON p.id = o.pm_id
                     WHERE r.building_id = %(building_id)s
                       AND o.pm_id <> %(building_pm_id)s)""",
            ),
        ),
    ),
    _rule(
        "Q5",
        ("state",),
        _lt("Abandoned with a line in service"),
        _lt("A customer is still connected there: correct the state, or end the line."),
        """%(building_state)s = 'abandoned' AND EXISTS (
            SELECT FROM oiconnect_route r
             WHERE r.building_id = %(building_id)s AND r.state = 'used')""",
        linked=True,
        compared=(
            Compared(
                _lt("Lines in service"),
                """(SELECT count(*) FROM oiconnect_route r
                     WHERE r.building_id = %(building_id)s AND r.state = 'used')""",
            ),
        ),
    ),
    _rule(
        "Q6",
        ("state",),
        _lt("On demand, though its PBO is ordered"),
        _lt(
            "The PBO is ordered for another address, so it is for all those behind it: "
            "change the state, or choose its PBO."
        ),
        """%(building_state)s = 'on_demand' AND EXISTS (
            SELECT FROM oiconnect_building_pbo_rel r
              JOIN oiconnect_building_pbo_rel s ON s.pbo_id = r.pbo_id
              JOIN oiconnect_building o ON o.id = s.building_id
             WHERE r.building_id = %(building_id)s
               AND o.state = 'on_demand_deploying')""",
        linked=True,
        compared=(
            Compared(
                _lt("Ordered for"),
                """(SELECT min(COALESCE(o.identifier, o.address))
                      FROM oiconnect_building_pbo_rel r
                      JOIN oiconnect_building_pbo_rel s ON s.pbo_id = r.pbo_id
                      JOIN oiconnect_building o ON o.id = s.building_id
                     WHERE r.building_id = %(building_id)s
                       AND o.state = 'on_demand_deploying')""",
            ),
        ),
    ),
    _rule(
        "Z1",
        ("pm_id",),
        _lt("Outside the zone of its PM"),
        _lt(
            "The building is not in the zone of its PM: choose another PM, correct its "
            "coordinates, or draw the zone again."
        ),
        "%(outside_zone)s",
        linked=True,
        compared=("pm.reference", *of(BUILDING, "latitude", "longitude")),
    ),
)
