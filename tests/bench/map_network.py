"""A network as large as a region or a country, with places, made by SQL."""

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk.indexes import built_after
from odoo.addons.oiconnect_orders.tests.common import make_operator

TOWNS = 400
BUILDINGS_PER_PBO = 6
BUILDINGS_PER_PM = 600
CODE, OPERATOR = "OIMB", "OCMB"
TABLES = (
    "oiconnect_pm_service",
    "oiconnect_zone",
    "oiconnect_splice_box",
    "oiconnect_pbo_cable",
    "oiconnect_building",
    "oiconnect_pbo",
    "oiconnect_pm_link",
    "oiconnect_pm",
    "oiconnect_prdm",
)
# The shape of a town: most of it is near its middle.
NEAR = SQL("(random() + random() + random() - 1.5)")


def make(env, count):
    """``count`` buildings behind PMs of towns of very different sizes."""
    network = env["oiconnect.network"].create(
        {"name": "Bench", "code": "BENCH_MAP", "oi_code": CODE, "pto_prefix": "ZM"}
    )
    env.flush_all()
    env.cr.execute("SELECT setseed(0.5)")
    pms = count // BUILDINGS_PER_PM
    _towns(env)
    _objects(env, network, "prdm", max(pms // 20, 1))
    _objects(env, network, "pm", pms)
    _links(env, network)
    _services(env, network)
    _pbos(env, network, count // BUILDINGS_PER_PBO)
    with built_after(env.cr, "oiconnect_building", count):
        buildings(env, network, count)
    _boxes(env, network)
    _cables(env, network, count // 2)
    env.invalidate_all()
    return network


def _towns(env):
    """The first ones hold most of the people."""
    env.cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_town ON COMMIT DROP AS
            SELECT rank, 43 + random() * 7 AS latitude, -1 + random() * 8 AS longitude,
                   0.02 + 0.4 / rank AS size
              FROM generate_series(1, %s) AS rank
            """,
            TOWNS,
        )
    )


def _objects(env, network, kind, count):
    env.cr.execute(
        SQL(
            """
            INSERT INTO %(table)s (
                reference, network_id, company_id, state, latitude, longitude,
                %(more)s create_uid, write_uid, create_date, write_date)
            SELECT %(kind)s || made.number, %(network)s, %(company)s,
                   (ARRAY['planned', 'deploying', 'deployed', 'deployed'])
                       [1 + made.number %% 4],
                   t.latitude + %(near)s * t.size, t.longitude + %(near)s * t.size,
                   %(value)s 1, 1, now(), now()
              FROM generate_series(1, %(count)s) AS made(number)
              JOIN bench_town t
                ON t.rank = 1 + floor(
                       %(towns)s * (made.number::float8 / %(count)s) ^ 2.5)::int
            """,
            table=SQL.identifier(f"oiconnect_{kind}"),
            kind=kind.upper(),
            more=SQL("authorisation," if kind == "pm" else ""),
            value=SQL("'open'," if kind == "pm" else ""),
            network=network.id,
            company=network.company_id.id,
            count=count,
            towns=TOWNS - 1,
            near=NEAR,
        )
    )
    env.cr.execute(SQL("ANALYZE %s", SQL.identifier(f"oiconnect_{kind}")))


def _links(env, network):
    """Each PM with the PRDM of its rank in twenty."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO oiconnect_pm_link (
                reference, network_id, company_id, state, pm_id, prdm_id,
                create_uid, write_uid, create_date, write_date)
            SELECT 'LINK' || pm.id, pm.network_id, pm.company_id, pm.state, pm.id, r.id,
                   1, 1, now(), now()
              FROM oiconnect_pm pm
              JOIN LATERAL (
                  SELECT id FROM oiconnect_prdm WHERE network_id = pm.network_id
                   ORDER BY (latitude - pm.latitude) ^ 2
                            + (longitude - pm.longitude) ^ 2 LIMIT 1) r ON TRUE
             WHERE pm.network_id = %s
            """,
            network.id,
        )
    )


def _services(env, network):
    """Of three PMs, the operator rents one and co-finances another."""
    operator = make_operator(env, OPERATOR)
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO oiconnect_pm_service (
                reference, network_id, company_id, pm_id, operator_id, kind,
                technical_choice, start_date, active, create_uid, write_uid,
                create_date, write_date)
            SELECT 'SERVICE' || pm.id, pm.network_id, pm.company_id, pm.id,
                   %(operator)s, (ARRAY['loca', 'cofi'])[1 + pm.id %% 3], 'P', now(),
                   TRUE, 1, 1, now(), now()
              FROM oiconnect_pm pm
             WHERE pm.network_id = %(network)s AND pm.id %% 3 < 2
            """,
            operator=operator.id,
            network=network.id,
        )
    )


def _pbos(env, network, count):
    env.cr.execute(
        SQL(
            """
            INSERT INTO oiconnect_pbo (
                reference, pm_id, network_id, company_id, latitude, longitude,
                create_uid, write_uid, create_date, write_date)
            SELECT 'PBO' || made.number, pm.id, pm.network_id, pm.company_id,
                   pm.latitude + %(near)s * 0.01, pm.longitude + %(near)s * 0.01,
                   1, 1, now(), now()
              FROM generate_series(1, %(count)s) AS made(number) JOIN %(pms)s pm
                ON pm.rank = made.number %% %(total)s
            """,
            near=NEAR,
            count=count,
            pms=pms(network),
            total=pm_count(network),
        )
    )


def _boxes(env, network):
    """A splice box near one PBO in eight."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO oiconnect_splice_box (
                reference, kind, state, pm_id, network_id, company_id, latitude,
                longitude)
            SELECT 'BPE' || id, 'bpe', 'deployed', pm_id, network_id, company_id,
                   latitude + 0.0003, longitude + 0.0003
              FROM oiconnect_pbo WHERE network_id = %s AND id %% 8 = 0
            """,
            network.id,
        )
    )


def _cables(env, network, drops):
    """A transport cable to each PM, one to each PBO, and ``drops`` drop cables."""
    total = pm_count(network)
    for kind, count, size in (
        ("transport", total, 0.05),
        ("distribution", drops // 3, 0.004),
        ("drop", drops, 0.0004),
    ):
        env.cr.execute(
            SQL(
                """
                INSERT INTO oiconnect_pbo_cable (
                    reference, kind, pm_id, network_id, company_id, line, south, west,
                    north, east)
                SELECT %(kind)s || number, %(kind)s, pm_id, network_id, company_id,
                       '{"type":"LineString","coordinates":[['
                           || concat_ws('],[', x || ',' || y,
                                  (x + size / 4) || ',' || (y + size / 3),
                                  (x + size / 2) || ',' || (y + size / 3),
                                  (x + size * 0.7) || ',' || (y + size / 2),
                                  (x + size) || ',' || (y + size))
                           || ']]}',
                       y, x, y + size, x + size
                  FROM (
                      SELECT made.number, pm.id AS pm_id, pm.network_id, pm.company_id,
                             round((pm.longitude + %(near)s * 0.012)::numeric, 7) AS x,
                             round((pm.latitude + %(near)s * 0.012)::numeric, 7) AS y,
                             %(size)s::numeric AS size
                        FROM generate_series(1, %(count)s) AS made(number)
                        JOIN %(pms)s pm ON pm.rank = made.number %% %(total)s
                  ) AS placed
                """,
                kind=kind,
                count=count,
                size=size,
                near=NEAR,
                pms=pms(network),
                total=total,
            )
        )


def pms(network):
    """Query of the PMs with their rank, from 0 on."""
    return SQL(
        """(SELECT *, row_number() OVER (ORDER BY id) - 1 AS rank
              FROM oiconnect_pm WHERE network_id = %s)""",
        network.id,
    )


def pm_count(network):
    return network.env["oiconnect.pm"].search_count([("network_id", "=", network.id)])


def buildings(env, network, count):
    env.cr.execute(buildings_sql(network, count))


def buildings_sql(network, count, start=0):
    """Return the insertion of the buildings ``start`` + 1 to ``start`` + ``count``."""
    return SQL(
        """
        INSERT INTO oiconnect_building (
            identifier, address, postal_code, city, insee_code, address_code,
            state, dwelling_count, network_id, company_id, pm_id, commune_id,
            latitude, longitude, create_date, write_date)
        SELECT 'IMB/' || made.number,
               made.number %% 90 || ' RUE DU LAVOIR ' || made.number %% 997,
               '01500', 'EXEMPLE', '01007', lpad(made.number::text, 10, '0'),
               (ARRAY['deployed', 'deployed', 'deployed', 'target', 'deploying',
                      'on_demand', 'signed', 'abandoned'])[1 + made.number %% 8],
               1 + made.number %% 5, pm.network_id, pm.company_id, pm.id,
               commune.id,
               pm.latitude + %(near)s * 0.012, pm.longitude + %(near)s * 0.012,
               now(), now()
          FROM generate_series(%(first)s, %(last)s) AS made(number)
          JOIN %(pms)s pm ON pm.rank = made.number %% %(total)s
          JOIN (SELECT id, row_number() OVER (ORDER BY id) AS rank
                  FROM oiconnect_commune) commune ON commune.rank = 1 + pm.rank
        """,
        near=NEAR,
        first=start + 1,
        last=start + count,
        pms=pms(network),
        total=pm_count(network),
    )


def erase(env):
    network = env["oiconnect.network"].search([("oi_code", "=", CODE)])
    for table in TABLES:
        env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE network_id = ANY(%s)",
                SQL.identifier(table),
                network.ids,
            )
        )
    # The history of the zones; no one else can delete any.
    env.cr.execute("ALTER TABLE oiconnect_change DISABLE TRIGGER append_only")
    env.cr.execute(
        "DELETE FROM oiconnect_change WHERE network_id = ANY(%s)", [network.ids]
    )
    env.cr.execute("ALTER TABLE oiconnect_change ENABLE ALWAYS TRIGGER append_only")
    network.unlink()
    env["oiconnect.map.delta"]._compact()


def random_positions(env, chance, count):
    """Return ``[(latitude, longitude)]`` of random buildings: where people look."""
    env.cr.execute(
        SQL(
            "SELECT latitude, longitude FROM oiconnect_building b "
            "JOIN oiconnect_network n ON n.id = b.network_id AND n.oi_code = %s "
            "WHERE b.id %% 997 = 3 ORDER BY b.id",
            CODE,
        )
    )
    return chance.choices(env.cr.fetchall(), k=count)
