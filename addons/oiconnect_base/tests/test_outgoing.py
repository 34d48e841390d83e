import os
import socket
import threading
from contextlib import closing
from unittest.mock import patch

from odoo.tests import BaseCase

from .. import outgoing

LOGGER = outgoing._logger.name


class TestOutgoing(BaseCase):
    """Connections that this process makes, and those that it refuses."""

    def setUp(self):
        super().setUp()
        outgoing.install()
        self.enterContext(patch.dict(os.environ, {outgoing.VARIABLE: ""}))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.address = self.listener.getsockname()

    def connect(self):
        socket.create_connection(self.address, 5).close()

    def refusal(self, function, *args):
        with (
            self.assertLogs(LOGGER, "WARNING") as log,
            self.assertRaises(outgoing.Refused),
        ):
            function(*args)
        return log.output[0]

    def test_a_connection_that_was_not_announced_is_refused_and_logged(self):
        refusal = self.refusal(self.connect)
        self.assertIn(f"127.0.0.1:{self.address[1]}, from {__file__}:", refusal)

    def test_nor_by_the_function_that_gives_a_number(self):
        with closing(socket.socket()) as plain:
            self.refusal(plain.connect_ex, self.address)

    def test_a_name_is_not_even_looked_up(self):
        with patch.object(outgoing.system, "getaddrinfo") as lookup:
            self.refusal(socket.getaddrinfo, "odoo.example", 443)
            self.assertFalse(lookup.called)

    def test_what_this_machine_is_called_is_no_question_to_others(self):
        self.assertTrue(socket.getaddrinfo("localhost", 80))
        self.assertTrue(socket.getaddrinfo(None, 80))

    def test_an_announced_connection_succeeds_and_is_logged(self):
        with patch.object(outgoing._logger, "info") as log:
            with outgoing.way_out("a test"):
                self.connect()
        peer = f"127.0.0.1:{self.address[1]}"
        self.assertEqual(log.call_args.args[1:3], ("a test", peer))
        self.refusal(self.connect)

    def test_the_address_that_is_connected_to_is_checked(self):
        """A name may lead elsewhere once it was checked."""

        def check(host):
            raise outgoing.Refused(host)

        with outgoing.way_out("a test", check=check):
            with self.assertRaises(outgoing.Refused):
                self.connect()

    def test_a_name_is_not_connected_to(self):
        with outgoing.way_out("a test"), closing(socket.socket()) as plain:
            self.refusal(plain.connect, ("localhost", self.address[1]))

    def test_a_thread_has_no_way_out_of_another(self):
        failures = []

        def work():
            try:
                self.connect()
            except outgoing.Refused as refused:
                failures.append(refused)

        with outgoing.way_out("a test"), self.assertLogs(LOGGER, "WARNING"):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join(30)
        self.assertTrue(failures)

    def test_who_sends_a_byte_now_and_then_is_cut(self):
        with self.assertLogs(LOGGER, "WARNING") as log:
            with outgoing.way_out("a test", seconds=1):
                with socket.create_connection(self.address, 60) as connected:
                    self.assertEqual(connected.recv(1), b"")
        self.assertIn("a test: cut", log.output[0])

    def test_no_connection_is_made_once_the_time_is_over(self):
        with self.assertLogs(LOGGER, "WARNING"), outgoing.way_out("a test") as way:
            way.cut()
            with self.assertRaises(outgoing.Refused):
                self.connect()
            with closing(socket.socket()) as plain:
                with self.assertRaises(outgoing.Refused):
                    plain.connect_ex(self.address)

    def test_an_administrator_opens_networks_to_other_addons(self):
        with patch.dict(os.environ, {outgoing.VARIABLE: "10.1.0.0/16, 127.0.0.0/8"}):
            self.connect()
        self.refusal(self.connect)

    def test_sockets_of_one_machine_are_no_way_out(self):
        with closing(socket.socket(socket.AF_UNIX)) as plain:
            with self.assertRaises(FileNotFoundError):
                plain.connect("/no/such/socket")
