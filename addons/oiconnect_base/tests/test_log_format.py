import io
import json
import logging
import os
import threading
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import BaseCase

from .. import log_format

FORGED = "2026-03-14 10:05:00,000 7 INFO db odoo.http: admin logged in"


class TestLogFormat(BaseCase):
    """Text of strangers in the log, which writes none of its lines."""

    @contextmanager
    def logger(self, formatter):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        logger = logging.Logger("oiconnect.test")
        logger.addHandler(handler)
        logger.lines = lambda: stream.getvalue().splitlines()
        yield logger

    def plain(self):
        inner = logging.Formatter("%(levelname)s %(message)s")
        return self.logger(log_format.LineFormatter(inner))

    def json(self):
        return self.logger(log_format.JsonFormatter())

    def test_a_name_with_a_line_break_writes_no_line(self):
        for sign in ("\n", "\r", "\r\n", "\x0b", "\x85", "\u2028", "\u2029"):
            with self.subTest(repr(sign)), self.plain() as logger:
                logger.warning("no such log-in: %s", f"x{sign}{FORGED}")
                self.assertEqual(len(logger.lines()), 1)

    def test_a_terminal_receives_no_control_sequence(self):
        with self.plain() as logger:
            logger.warning("file \x1b[2J\x07 \u202egnp.exe")
            self.assertEqual(
                logger.lines(), ["WARNING file \\x1b[2J\\x07 \\u202egnp.exe"]
            )

    def test_accents_and_tabs_are_read(self):
        with self.plain() as logger:
            logger.warning("Réseau\tœ — 光")
            self.assertEqual(logger.lines(), ["WARNING Réseau\tœ — 光"])

    def test_the_message_of_an_error_writes_no_line(self):
        with self.plain() as logger:
            try:
                raise ValueError(f"x\n{FORGED}")
            except ValueError:
                logger.exception("refused")
            first, *rest = logger.lines()
        self.assertEqual(first, "ERROR refused")
        self.assertIn("  Traceback (most recent call last):", rest)
        self.assertTrue(all(line.startswith("  ") for line in rest))
        self.assertIn(f"  {FORGED}", rest)

    def test_json_has_one_object_for_each_line(self):
        with self.json() as logger:
            logger.warning("no such log-in: %s", f"x\n{FORGED}")
            [line] = logger.lines()
        entry = json.loads(line)
        self.assertEqual(entry["message"], f"no such log-in: x\n{FORGED}")
        self.assertEqual(entry["level"], "WARNING")
        self.assertTrue(entry["time"].endswith("+00:00"))
        self.assertEqual(entry["process"], os.getpid())
        self.assertNotIn("error", entry)

    def test_json_has_the_traceback_of_an_error(self):
        with self.json() as logger:
            try:
                raise ValueError("why")
            except ValueError:
                logger.exception("refused")
            [line] = logger.lines()
        self.assertIn("ValueError: why", json.loads(line)["error"])

    @staticmethod
    def measured(record):
        """Set the counts of a request as Odoo does."""
        record.perf_info = "12 0.034 0.120"
        return True

    def test_json_has_the_user_of_a_request_and_the_time_of_the_database(self):
        environ = {"HTTP_X_REQUEST_ID": "ab" * 16}
        fake_request = SimpleNamespace(
            httprequest=SimpleNamespace(environ=environ, path="/odoo", args={}),
            env=SimpleNamespace(uid=7),
        )
        with (
            self.json() as logger,
            patch.object(log_format, "request", fake_request),
            patch.dict(log_format.config.options, proxy_mode=True),
            patch.object(threading.current_thread(), "dbname", "oi", create=True),
        ):
            log_format.note_operator("OCAA")
            logger.addFilter(self.measured)
            logger.info("GET /odoo")
            [line] = logger.lines()
        entry = json.loads(line)
        wanted = {"request": "ab" * 16, "path": "/odoo", "user": 7, "operator": "OCAA"}
        wanted |= {"database": "oi", "queries": 12, "database_seconds": 0.034}
        self.assertEqual({name: entry[name] for name in wanted}, wanted)

    def test_a_request_number_that_no_proxy_gave_is_ours(self):
        with patch.dict(log_format.config.options, proxy_mode=False):
            environ = {"HTTP_X_REQUEST_ID": "ab" * 16}
            self.assertNotEqual(log_format.number(environ), "ab" * 16)
        with patch.dict(log_format.config.options, proxy_mode=True):
            forged = {"HTTP_X_REQUEST_ID": f"x\n{FORGED}"}
            self.assertRegex(log_format.number(forged), r"^[0-9a-f]{32}$")

    def test_all_handlers_of_a_server_write_so(self):
        handler = logging.StreamHandler(io.StringIO())
        root = logging.getLogger()
        with patch.object(root, "handlers", [handler]):
            log_format.install()
            log_format.install()
            self.assertIsInstance(handler.formatter, log_format.LineFormatter)
            self.assertNotIsInstance(handler.formatter.inner, log_format.LineFormatter)
            handler.setFormatter(None)
            with patch.dict(os.environ, {log_format.VARIABLE: "json"}):
                log_format.install()
            self.assertIsInstance(handler.formatter, log_format.JsonFormatter)
