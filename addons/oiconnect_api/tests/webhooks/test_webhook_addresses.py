"""Addresses where no webhook goes, whatever name leads there. Plain Python."""

import unittest
from unittest.mock import patch

from odoo.addons.oiconnect_interop.transport import http_client
from odoo.addons.oiconnect_interop.transport.http_client import CallError

from ...webhook import check_private, check_public, check_url

PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34")
# Allowed by the setting
INTERNAL = (
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "127.0.0.1",
    "127.8.8.8",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.5",
    "240.0.0.1",
    "255.255.255.255",
    "0.1.2.3",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::5db8:d822",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
)
# Of no receiver
NEVER = (
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "::ffff:169.254.169.254",
    "100.100.100.200",
    "192.0.0.192",
    "fd00:ec2::254",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "239.255.255.250",
    "ff02::1",
)


class TestWebhookAddresses(unittest.TestCase):
    def refused(self, check, host):
        with self.subTest(host), self.assertRaises(CallError) as caught:
            check(host)
        self.assertIn(caught.exception.reason, ("private", "forbidden"))

    def test_only_public_addresses_are_called(self):
        for host in PUBLIC:
            check_public(host)
        for host in (*INTERNAL, *NEVER):
            self.refused(check_public, host)

    def test_a_setting_opens_the_internal_network_and_no_more(self):
        for host in (*PUBLIC, *INTERNAL):
            with self.subTest(host):
                check_private(host)
        for host in NEVER:
            self.refused(check_private, host)

    def test_an_address_in_a_url_is_checked_when_it_is_written(self):
        check_url("https://example.invalid/x?y=1", check_public)
        for host in ("10.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254"):
            with self.subTest(host), self.assertRaises(CallError):
                check_url(f"https://{host}/", check_public)

    def _named(self, *addresses):
        """Let every name lead to these addresses, and refuse any connection."""
        found = [(2, 1, 6, "", (address, 443)) for address in addresses]
        looked_up = []

        def look_up(*name, **_kind):
            looked_up.append(name)
            return found

        self.enterContext(patch.object(http_client.socket, "getaddrinfo", look_up))
        return looked_up

    def _send(self, url="https://systeme.invalid/"):
        return http_client.send(url, b"{}", {}, 2, check_public, 10)

    def test_one_private_address_among_those_of_a_name_is_enough_to_refuse(self):
        looked_up = self._named("93.184.216.34", "10.0.0.1")
        with patch.object(http_client.socket, "create_connection") as connect:
            with self.assertRaises(CallError) as caught:
                self._send()
        self.assertEqual(caught.exception.reason, "private")
        connect.assert_not_called()
        self.assertEqual(len(looked_up), 1)

    def test_what_was_checked_is_what_is_connected_to(self):
        """The name is looked up once: it cannot lead elsewhere a moment later."""
        looked_up = self._named("93.184.216.34")
        with patch.object(http_client.socket, "create_connection") as connect:
            connect.side_effect = OSError(111, "Connection refused")
            with self.assertRaises(CallError):
                self._send()
        (place, _seconds), _options = connect.call_args
        self.assertEqual(place, ("93.184.216.34", 443))
        self.assertEqual(len(looked_up), 1)
