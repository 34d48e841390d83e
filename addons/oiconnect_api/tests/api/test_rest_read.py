import base64
import json

from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_api.rest import cursor

from .rest_common import RestCase


@tagged("post_install", "-at_install")
class TestRestRead(RestCase):
    """Lists, pages, filters and single records."""

    def _all(self, path, value=None, **params):
        """Return the records of all pages, in their order."""
        found, params = [], {"limit": 2, **params}
        while True:
            page = self._get(path, value, **params)
            found += page["data"]
            if not page["next"]:
                return found
            params["cursor"] = page["next"]

    def _buildings(self, count, **vals):
        return self.env["oiconnect.building"].create(
            [
                {
                    "network_id": self.network.id,
                    "identifier": f"OITO/P/{n:02}",
                    "pm_id": self.pm.id,
                    **vals,
                }
                for n in range(count)
            ]
        )

    def test_pages_go_through_every_order(self):
        self._buildings(5)
        bare = self._buildings(3, identifier=False, state="target")
        ids = set(self.env["oiconnect.building"].search([]).ids)
        for sort in ("id", "-id", "identifier", "-identifier"):
            found = self._all("/buildings", sort=sort)
            self.assertEqual(len(found), len(ids), sort)
            self.assertEqual({one["id"] for one in found}, ids, sort)
            if "identifier" in sort:
                last = {one["id"] for one in found[-3:]}
                self.assertEqual(last, set(bare.ids), "without value: at the end")

    def test_pages_go_through_every_sort_that_is_documented(self):
        self.env["oiconnect.building.level"].create(
            [
                {"building_id": building.id, "floor": floor}
                for building in self._buildings(2)
                for floor in ("1", "2")
            ]
        )
        for sort in ("building_id", "-building_id"):
            found = self._all("/building-levels", sort=sort)
            places = [(one["building_id"]["id"], one["id"]) for one in found]
            self.assertEqual(places, sorted(set(places), reverse=sort[0] == "-"))
            self.assertGreaterEqual(len(places), 4)

    def test_pages_are_stable_while_rows_come_and_go(self):
        made = self._buildings(6)
        first = self._get("/buildings", sort="identifier", limit=4)
        seen = [one["id"] for one in first["data"]]
        # Before the cursor one goes and one comes; after it too.
        self.env["oiconnect.building"].browse(seen[1]).unlink()
        base = {"network_id": self.network.id}
        before, after = self.env["oiconnect.building"].create(
            [base | {"identifier": "OITO/A"}, base | {"identifier": "OITO/P/04A"}]
        )
        made[5].unlink()
        rest = self._all("/buildings", sort="identifier", cursor=first["next"])
        ids = seen + [one["id"] for one in rest]
        self.assertEqual(len(ids), len(set(ids)), "nothing twice")
        self.assertNotIn(before.id, ids)
        self.assertEqual(ids[-1], after.id)
        self.assertEqual(ids[-2], made[4].id)

    def test_pages_by_time_lose_nothing_of_one_second(self):
        tickets = self.env["oiconnect.ticket"]
        for _n in range(5):
            tickets |= tickets.sudo().create(
                {"network_id": self.network.id, "operator_id": self.operator.id}
            )
        self.env.flush_all()
        for rank, ticket in enumerate(reversed(tickets)):
            self.cr.execute(
                "UPDATE oiconnect_ticket SET write_date = "
                "'2026-03-01 10:00:00'::timestamp + %s * interval '1 ms' WHERE id = %s",
                [rank, ticket.id],
            )
        self.env.invalidate_all()
        found = self._all("/tickets", sort="write_date")
        self.assertEqual([one["id"] for one in found], tickets[::-1].ids)
        found = self._all("/tickets", sort="-write_date")
        self.assertEqual([one["id"] for one in found], tickets.ids)

    def test_a_cursor_is_of_its_list_only(self):
        self._buildings(2)
        cursor = self._get("/buildings", limit=1)["next"]
        for path, params in (
            ("/buildings", {"state": "deployed"}),
            ("/buildings", {"sort": "identifier"}),
            ("/buildings", {"cursor": "x" * 40}),
            ("/buildings", {"cursor": cursor[:-4]}),
        ):
            answer = self._call("GET", path, params={"cursor": cursor, **params})
            self.assertProblem(answer, 422, "wrong-cursor")

    def test_a_cursor_made_by_hand_is_refused(self):
        self._buildings(2)
        made = self._get("/buildings", limit=1, sort="identifier")["next"]
        order, mark, _value, row_id = json.loads(
            base64.urlsafe_b64decode(made + "=" * (-len(made) % 4))
        )
        for value in (True, 5, 1.5, "a\0b", "\ud800", [1]):
            forged = cursor.write(order, mark, value, row_id)
            answer = self._call(
                "GET", "/buildings", params={"sort": order, "cursor": forged}
            )
            self.assertProblem(answer, 422, "wrong-cursor")

    def test_a_language_that_cannot_be_read_is_none(self):
        for language in ("fr;q=abc", "fr;q=", ";;", ",", "*"):
            headers = {"Accept-Language": language}
            answer = self._call("GET", "/buildings", headers=headers)
            self.assertEqual(answer.status_code, 200, language)

    def test_counts_on_demand(self):
        self.assertNotIn("count", self._get("/buildings"))
        self.assertEqual(self._get("/buildings", count="true", limit=1)["count"], 2)

    def test_fields_are_chosen(self):
        building = self._get("/buildings", fields="identifier,pm_id")["data"][0]
        self.assertEqual(set(building), {"id", "identifier", "pm_id"})
        answer = self._call("GET", "/buildings", params={"fields": "identifier,zz,yy"})
        problem = self.assertProblem(answer, 422, "invalid")
        self.assertEqual(len(problem["errors"]), 2)

    def test_filters_of_the_screens(self):
        building = self.building

        def found(**params):
            rows = self._get("/buildings", **params)["data"]
            return [one["identifier"] for one in rows]

        both = ["OITO/B/1", "OITO/B/2"]
        self.assertEqual(found(identifier=["OITO/B/1", "none"]), both[:1])
        self.assertEqual(found(**{"identifier.contains": "b/2"}), both[1:])
        self.assertEqual(found(pm_id=self.pm.id), both)
        self.assertEqual(found(**{"pm_id.reference": "OITO-PM-1"}), both)
        self.assertEqual(found(**{"pm_id.reference": "OITO-PM-2"}), [])
        self.assertEqual(found(state=["target", "deployed"]), both)
        self.assertEqual(found(filter=["deployed", "without_pm"]), [])
        self.assertEqual(found(**{"dwelling_count.from": 5}), [])
        self.assertEqual(found(dwelling_count=4), both)
        self.assertEqual(found(pbo_ids=building.pbo_ids.id), both[:1])

    def test_all_errors_are_reported_at_once(self):
        params = {"state": "zz", "limit": 0, "nothing": 1, "sort": "city"}
        answer = self._call("GET", "/buildings", params=params)
        problem = self.assertProblem(answer, 422, "invalid")
        wrong = {one["parameter"] for one in problem["errors"]}
        self.assertEqual(wrong, {"state", "limit", "nothing", "sort"})

    def test_a_record_and_its_version(self):
        path = f"/buildings/{self.building.id}"
        answer = self._call("GET", path)
        self.assertEqual(answer.json()["identifier"], "OITO/B/1")
        tag = answer.headers["ETag"]
        same = self._call("GET", path, headers={"If-None-Match": tag})
        self.assertEqual((same.status_code, same.content), (304, b""))
        self.building.city = "Ailleurs"
        other = self._call("GET", path, headers={"If-None-Match": tag})
        self.assertEqual(other.status_code, 200)
        self.assertNotEqual(other.headers["ETag"], tag)
        part = self._call("GET", path, params={"fields": "city"})
        self.assertEqual(part.json(), {"id": self.building.id, "city": "Ailleurs"})
        self.assertNotIn("ETag", part.headers)

    def test_unknown_addresses_and_methods(self):
        for path in ("/nothing", "/buildings/x", "/buildings/0", f"/buildings/{2**80}"):
            answer = self._call("GET", path)
            self.assertIn(answer.status_code, (404, 422), path)
        self.assertProblem(self._call("GET", "/nothing"), 404, "unknown")
        self.assertProblem(self._call("PUT", "/buildings"), 405, "wrong-method")
        self.assertProblem(self._call("GET", f"/buildings/{2**80}"), 404, "unknown")

    def test_customers_are_read_by_right_only(self):
        order = self.env["oiconnect.access.order"].create(
            {
                "network_id": self.network.id,
                "operator_id": self.operator.id,
                "customer_name": "EXEMPLE",
            }
        )
        values = self._get(f"/access-orders/{order.id}")
        self.assertEqual(values["customer_name"], "EXEMPLE")
        reader = self._reader("oiconnect_base.group_access_read")
        _key, value = self._new_key(user_id=reader.id)
        values = self._get(f"/access-orders/{order.id}", value)
        self.assertNotIn("customer_name", values)
        answer = self._call("GET", "/access-orders", value, params={"customer": "EX"})
        self.assertProblem(answer, 403, "no-right")

    def _reader(self, group):
        return new_test_user(self.env, "lecture", group)
