import hmac
import re
from typing import Any, NamedTuple

from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.oiconnect_base.log_format import note_operator
from odoo.addons.oiconnect_base.time_zone import PARIS
from odoo.addons.oiconnect_interop.models.accounts.addresses import is_within

from ...rest.problem import Problem
from .api_key import RATES, digest, pepper

# The value of a key: longer ones are not looked at.
_VALUE = re.compile(r"([0-9a-f]{16})\.([A-Za-z0-9_-]{43})")
# Compared when there is no key, at the same cost
_NO_PEPPER = bytes(32)
# All that a call needs to know of its key, in one query
_QUERY = """
    SELECT k.id, k.secret_digest, k.pepper_token, k.revoked_date, k.held_date,
           k.expiry_date, k.allowed_addresses, k.locked_until, k.refused_count,
           k.rate_class, k.company_id, k.operator_id, k.user_id,
           o.interop_code AS operator_code,
           COALESCE(o.active, TRUE) AND COALESCE(u.active, TRUE) AS is_owner_active,
           p.lang, COALESCE(p.tz, cp.tz) AS tz, cp.lang AS company_lang,
           ARRAY(SELECT n.id
                   FROM oiconnect_api_key_network_rel r
                   JOIN oiconnect_network n ON n.id = r.network_id AND n.active
                  WHERE r.api_key_id = k.id) AS network_ids,
           ARRAY(SELECT s.resource || ':' || s.level
                   FROM oiconnect_api_scope s
                  WHERE s.api_key_id = k.id) AS scopes,
           (SELECT c.id
              FROM oiconnect_conformance_run c
              JOIN oiconnect_api_key_network_rel r
                ON r.network_id = c.network_id AND r.api_key_id = k.id
             WHERE c.operator_id = k.operator_id AND c.state = 'running')
           AS conformance_run_id
      FROM oiconnect_api_key k
      LEFT JOIN oiconnect_operator o ON o.id = k.operator_id
      LEFT JOIN res_users u ON u.id = k.user_id
      LEFT JOIN res_partner p ON p.id = COALESCE(o.partner_id, u.partner_id)
      JOIN res_company c ON c.id = k.company_id
      JOIN res_partner cp ON cp.id = c.partner_id
     WHERE k.public_id = %s
"""
_LOCKED = """
    SELECT EXTRACT(EPOCH FROM locked_until - %s) FROM oiconnect_api_address
     WHERE address = %s AND locked_until > %s
"""
#: one row for each key: the calls of the present minute, by the clock of the database
_RATE = """
    INSERT INTO oiconnect_api_rate AS r (api_key_id, minute, count)
    VALUES (%s, floor(extract(epoch FROM clock_timestamp()) / 60), 1)
    ON CONFLICT (api_key_id) DO UPDATE
       SET minute = EXCLUDED.minute,
           count = CASE WHEN r.minute = EXCLUDED.minute THEN r.count + 1 ELSE 1 END
    RETURNING count, 60 - extract(epoch FROM clock_timestamp())::bigint %% 60
"""
#: never waits for who edits the key
_LAST_USE = """
    UPDATE oiconnect_api_key
       SET last_used_date = now() AT TIME ZONE 'UTC', last_address = %s
     WHERE id = (SELECT id FROM oiconnect_api_key WHERE id = %s
                    FOR NO KEY UPDATE SKIP LOCKED)
"""


class Caller(NamedTuple):
    """Caller, once its key is found right.

    :param env: environment with the rights of the caller: those of the user of its
        key; of an operator, none are checked, and only the declarations of
        resources make fields visible
    :param levels: ``{path of a resource: "read" or "write"}``
    :param conformance_run_id: open run of the operator, which its calls are noted for
    """

    env: Any
    key_id: int
    operator_id: int | None
    network_ids: tuple
    levels: dict
    conformance_run_id: int | None = None


class ApiKey(models.Model):
    """Authentication of calls of the REST API, their lock and their rate.

    A key that is unknown, wrong, locked, or called from an address that it does not
    allow hears the same after the same work. Who has the right secret hears why its
    key does not serve.
    """

    _inherit = "oiconnect.api.key"

    @api.model
    @api.private
    def _authenticate(self, authorization, address, language=None):
        """Return the :class:`Caller` of a call.

        :param authorization: header Authorization
        :param address: where the call comes from
        :param language: header Accept-Language
        :raises Problem: it is not let in (401), or calls too often (429)
        """
        row = self._find(authorization, address)
        note_operator(row["operator_code"])
        reason = self._why_closed(row)
        if reason:
            raise Problem(401, reason)
        self.browse(row["id"])._note_call(row, address)
        return self._caller(row, language)

    def _find(self, authorization, address):
        """Return the row of the key that is given with its secret."""
        scheme, _blank, value = (authorization or "").strip().partition(" ")
        if scheme.lower() != "bearer" or not value.strip():
            raise Problem(401, "no-key")
        found = _VALUE.fullmatch(value.strip())
        public_id, text = found.groups() if found else ("", "")
        self.env.cr.execute(_QUERY, (public_id,))
        row = next(iter(self.env.cr.dictfetchall()), None)
        is_near = row and is_within(address, row["allowed_addresses"])
        now = fields.Datetime.now()
        is_free = is_near and not (row["locked_until"] and row["locked_until"] > now)
        own_pepper = is_free and row["pepper_token"] and pepper(row["pepper_token"])
        expected = (own_pepper and row["secret_digest"]) or ""
        given = digest(own_pepper or _NO_PEPPER, text)
        if self._is_same(given, expected):
            return row
        # A key cannot be locked from an address where it does not serve.
        self._refuse(self.browse(row["id"] if is_near else ()).sudo(), address)

    def _refuse(self, key, address):
        """Refuse a wrong key, and count it for its address and for what it names.

        From an address that is locked, a right key serves all the same: others may
        share the address. That does not help to guess: a wrong key learns nothing, and
        the lock of the key itself opens to no secret.
        """
        now = fields.Datetime.now()
        self.env.cr.execute(_LOCKED, (now, address, now))
        locked = self.env.cr.fetchone()
        key._note_refusal()
        if locked:
            raise Problem(429, "locked", headers={"Retry-After": int(locked[0]) + 1})
        self.env["oiconnect.api.address"].sudo()._note(address)
        raise Problem(401, "wrong-key")

    @api.model
    def _why_closed(self, row):
        """Return why a key with the right secret does not serve; None if it does."""
        if row["revoked_date"]:
            return "revoked-key"
        if row["expiry_date"] and row["expiry_date"] <= fields.Datetime.now():
            return "expired-key"
        if row["held_date"]:
            return "held-key"
        if not row["is_owner_active"] or not row["network_ids"]:
            return "closed-key"
        return None

    def _note_call(self, row, address):
        """Count the call in the present minute; the first notes when and from where.

        :raises Problem: the calls of this minute are used up
        """
        if row["refused_count"]:
            self.sudo()._note_access()
        limit = RATES[row["rate_class"]]
        count, wait = self._in_own_transaction("_count_call", address)
        if count > limit:
            raise Problem(429, "too-many-calls", headers={"Retry-After": wait})

    def _count_call(self, address):
        self.env.cr.execute(_RATE, (self.id,), log_exceptions=False)
        count, wait = self.env.cr.fetchone()
        if count == 1:
            self.env.cr.execute(_LAST_USE, (address, self.id), log_exceptions=False)
        return count, wait

    @api.model
    def _caller(self, row, language):
        context = {
            "lang": self._language(row, language),
            "tz": row["tz"] or str(PARIS),
            "allowed_company_ids": [row["company_id"]],
        }
        operator_id = row["operator_id"]
        env = self.env(
            user=SUPERUSER_ID if operator_id else row["user_id"],
            su=bool(operator_id),
            context=context,
        )
        levels = dict(scope.split(":") for scope in row["scopes"])
        return Caller(
            env,
            row["id"],
            operator_id,
            tuple(row["network_ids"]),
            levels,
            row["conformance_run_id"],
        )

    @api.model
    def _language(self, row, requested):
        """Return the language of the answer: installed, and requested or known."""
        languages = self.env["res.lang"].sudo()
        try:
            requested = requested and languages._get_lang_from_accept_language(
                requested
            )
        except ValueError:
            # An unreadable header requests nothing.
            requested = None
        installed = [code for code, _name in languages.get_installed()]
        wanted = (requested, row["lang"], row["company_lang"])
        return next((one for one in wanted if one in installed), installed[0])

    @api.model
    def _is_same(self, given, expected):
        return hmac.compare_digest(given.encode(), expected.encode())
