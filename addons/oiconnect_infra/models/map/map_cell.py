from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...geo.grid import FINEST, LEVELS, per_degree

# Table: SQL of the state that its cells are counted by
COUNTED = {
    "building": ("oiconnect_building", "state"),
    "pbo": ("oiconnect_pbo", "''"),
    "splice_box": ("oiconnect_splice_box", "state"),
}
_CRONS = ("cron_map_compact", "cron_commune_locate", "cron_zone_follow_buildings")
_LOCK = "oiconnect.map.delta"
# An object at latitude 0 is nowhere.
LOCATED = SQL(
    "latitude <> 0 AND latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180"
)
_POINT = """
    %(sign)s AS sign, network_id, %(state)s AS state,
    floor(latitude * %(number)s)::int AS y, floor(longitude * %(number)s)::int AS x,
    round(latitude * 1e6) AS latitude, round(longitude * 1e6) AS longitude
"""


class MapCell(models.Model):
    """Objects of a cell of the map, by kind, network and state, at each level.

    Written by the compaction of ``oiconnect.map.delta`` only, read by SQL only.
    """

    _name = "oiconnect.map.cell"
    _description = "Cell of the map"
    _log_access = False
    _order = "id"
    _event_fields = EVERY_FIELD

    level = fields.Integer(required=True)
    kind = fields.Char(required=True)
    y = fields.Integer(required=True)
    x = fields.Integer(required=True)
    # Neither relation nor default: buildings already keep their network.
    network_id = fields.Integer(required=True)
    state = fields.Char(required=True)
    count = fields.Integer(required=True)
    # Sums of whole millionths of degrees: a double adds them without any loss.
    latitude_sum = fields.Float(required=True)
    longitude_sum = fields.Float(required=True)

    # A viewport: level = a and kind = b and y in (…) and x between c and d
    _place_uniq = models.UniqueIndex("(level, kind, y, x, network_id, state)")
    # What compaction leaves empty: count = 0
    _empty_idx = models.Index("(id) WHERE count = 0")


class MapDelta(models.Model):
    """Changes of the numbers of the map's cells that these do not hold yet.

    Triggers append them, whatever writes the objects. Nothing is ever updated: two
    transactions never wait for each other, and whoever adds cells and deltas up has
    exact numbers at any moment.
    """

    _name = "oiconnect.map.delta"
    _description = "Change of a cell of the map"
    _log_access = False
    _order = "id"
    _event_fields = EVERY_FIELD

    kind = fields.Char(required=True)
    y = fields.Integer(required=True)
    x = fields.Integer(required=True)
    network_id = fields.Integer(required=True)
    state = fields.Char(required=True)
    count = fields.Integer(required=True)
    latitude_sum = fields.Float(required=True)
    longitude_sum = fields.Float(required=True)

    # A viewport after a big import: kind = a and y between b and c and x between d, e
    _place_idx = models.Index("(kind, y, x)")

    def init(self):
        for kind in COUNTED:
            self.env.cr.execute(self._function(kind))
            if not self._has_triggers(kind):
                self._create_triggers(kind)
                self._rebuild(kind)

    # ------------------------------------------------------------------
    # Triggers
    # ------------------------------------------------------------------

    @api.model
    def _has_triggers(self, kind):
        table, _state = COUNTED[kind]
        self.env.cr.execute(
            SQL(
                "SELECT FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
                table,
                "oiconnect_map_insert",
            )
        )
        return bool(self.env.cr.rowcount)

    @api.model
    def _create_triggers(self, kind):
        table, _state = COUNTED[kind]
        names = {"table": SQL.identifier(table), "log": SQL.identifier(f"{table}_map")}
        self.env.cr.execute(
            SQL(
                """
                CREATE TRIGGER oiconnect_map_insert AFTER INSERT ON %(table)s
                    REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION %(log)s();
                CREATE TRIGGER oiconnect_map_delete AFTER DELETE ON %(table)s
                    REFERENCING OLD TABLE AS old_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION %(log)s();
                CREATE TRIGGER oiconnect_map_update AFTER UPDATE ON %(table)s
                    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION %(log)s();
                CREATE TRIGGER oiconnect_map_truncate AFTER TRUNCATE ON %(table)s
                    FOR EACH STATEMENT EXECUTE FUNCTION %(log)s();
                """,
                **names,
            )
        )

    @api.model
    def _function(self, kind):
        """Return the SQL of the function that the triggers of ``kind`` call.

        A statement's rows are added up before they are appended: what an update
        leaves as it was makes nothing.
        """
        new = self._points(kind, "new_rows", 1)
        old = self._points(kind, "old_rows", -1)
        table, _state = COUNTED[kind]
        return SQL(
            """
            CREATE OR REPLACE FUNCTION %(log)s() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'INSERT' THEN %(insert)s;
                ELSIF TG_OP = 'DELETE' THEN %(delete)s;
                ELSIF TG_OP = 'UPDATE' THEN %(update)s;
                ELSE
                    DELETE FROM oiconnect_map_cell WHERE kind = '%(kind)s';
                    DELETE FROM oiconnect_map_delta WHERE kind = '%(kind)s';
                END IF;
                RETURN NULL;
            END $$
            """,
            kind=SQL(kind),
            log=SQL.identifier(f"{table}_map"),
            insert=_appended(kind, new),
            delete=_appended(kind, old),
            update=_appended(kind, SQL("%s UNION ALL %s", new, old)),
        )

    @api.model
    def _points(self, kind, rows, sign):
        _table, state = COUNTED[kind]
        return SQL(
            "SELECT %s FROM %s WHERE %s",
            SQL(
                _POINT,
                sign=SQL(str(sign)),
                state=SQL(state),
                number=SQL(str(int(per_degree(FINEST)))),
            ),
            SQL.identifier(rows),
            LOCATED,
        )

    @api.model
    def _rebuild(self, kind):
        """Count all objects of ``kind`` again."""
        table, _state = COUNTED[kind]
        for counted in ("oiconnect_map_cell", "oiconnect_map_delta"):
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE kind = %s", SQL.identifier(counted), kind)
            )
        self.env.cr.execute(_appended(kind, self._points(kind, table, 1)))
        self._compact()

    # ------------------------------------------------------------------
    # Compaction
    # ------------------------------------------------------------------

    @api.model
    def _cron_compact(self):
        self._compact()

    @api.model
    @api.private
    def _after_bulk(self):
        """Bring up to date, once this transaction is over, what many rows changed.

        Numbers are exact before: they are only longer to add up.
        """
        for name in _CRONS:
            self.env.ref(f"oiconnect_infra.{name}").sudo()._trigger()

    @api.model
    def _compact(self):
        """Move what is appended to the cells of every level, in one statement.

        Deltas that others append meanwhile are not seen: they stay for next time.
        Nothing is done when another transaction is at it.
        """
        self.env.cr.execute(
            SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s))", _LOCK)
        )
        if not self.env.cr.fetchone()[0]:
            return False
        self.env.cr.execute("SET LOCAL work_mem = '128MB'")
        self.env.cr.execute(_COMPACTION)
        self.env.cr.execute("DELETE FROM oiconnect_map_cell WHERE count = 0")
        return True


_COMPACTION = SQL(
    """
    WITH taken AS (
        DELETE FROM oiconnect_map_delta
        RETURNING kind, y, x, network_id, state, count, latitude_sum, longitude_sum
    ), summed AS (
        SELECT kind, y, x, network_id, state, sum(count) AS count,
               sum(latitude_sum) AS latitude_sum, sum(longitude_sum) AS longitude_sum
          FROM taken GROUP BY 1, 2, 3, 4, 5
        HAVING sum(count) <> 0 OR sum(latitude_sum) <> 0 OR sum(longitude_sum) <> 0
    )
    INSERT INTO oiconnect_map_cell AS cell (
        level, kind, y, x, network_id, state, count, latitude_sum, longitude_sum
    )
    SELECT level, kind, y >> (%(finest)s - level), x >> (%(finest)s - level),
           network_id, state, sum(count), sum(latitude_sum), sum(longitude_sum)
      FROM summed CROSS JOIN unnest(%(levels)s) AS level
     GROUP BY 1, 2, 3, 4, 5, 6
     -- Neighbours side by side: a viewport reads a few pages, not one for each cell.
     ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (level, kind, y, x, network_id, state) DO UPDATE SET
        count = cell.count + excluded.count,
        latitude_sum = cell.latitude_sum + excluded.latitude_sum,
        longitude_sum = cell.longitude_sum + excluded.longitude_sum
    """,
    levels=list(LEVELS),
    finest=FINEST,
)


def _appended(kind, points):
    return SQL(
        """
        INSERT INTO oiconnect_map_delta (
            kind, y, x, network_id, state, count, latitude_sum, longitude_sum
        )
        SELECT '%(kind)s', y, x, network_id, state, sum(sign),
               sum(sign * latitude), sum(sign * longitude)
          FROM (%(points)s) AS point
         GROUP BY y, x, network_id, state
        HAVING sum(sign) <> 0 OR sum(sign * latitude) <> 0
            OR sum(sign * longitude) <> 0
        """,
        kind=SQL(kind),
        points=points,
    )
