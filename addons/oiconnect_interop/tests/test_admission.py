import socket
import threading
from io import BytesIO
from unittest.mock import patch

from odoo.tests import BaseCase

from .. import admission


class Application:
    """Serves when ``go_on`` is set."""

    def __init__(self):
        self.go_on = threading.Event()
        self.serving = threading.Semaphore(0)
        self.bodies = []

    def __call__(self, environ, start_response):
        self.bodies.append(environ["wsgi.input"].read())
        self.serving.release()
        self.go_on.wait(30)
        start_response("200 OK", [])
        return [b"done"]


class TestAdmission(BaseCase):
    """Under too many requests at once, people still log in."""

    def setUp(self):
        super().setUp()
        self.application = Application()
        self.addCleanup(self.application.go_on.set)
        # One place for systems and two for people
        self.admission = admission.Admission(self.application, 4)
        self.startPatcher(patch.object(admission, "PLACE_SECONDS", 0.01))

    def environ(self, path, body=b"", **more):
        return {
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            **more,
        }

    def ask(self, path, body=b"", **more):
        """Return the status of the answer and its headers."""
        answers = []
        environ = self.environ(path, body, **more)
        blocks = self.admission(environ, lambda *answer: answers.append(answer))
        list(blocks)
        # As servers do, once all is sent
        getattr(blocks, "close", lambda: None)()
        [(status, headers)] = answers
        return int(status[:3]), dict(headers)

    def occupy(self, path):
        thread = threading.Thread(target=self.ask, args=(path,))
        thread.start()
        self.addCleanup(thread.join, 30)
        # Clean-ups are called from the last on: the thread ends, then it is joined.
        self.addCleanup(self.application.go_on.set)
        self.assertTrue(self.application.serving.acquire(timeout=30))

    def test_systems_that_find_no_place_are_answered_when_to_come_again(self):
        self.occupy("/oiconnect/soap/sav/3.0")
        status, headers = self.ask("/oiconnect/api/v1/orders")
        self.assertEqual((status, headers["Retry-After"]), (503, "5"))

    def test_people_have_places_of_their_own(self):
        self.occupy("/oiconnect/soap/sav/3.0")
        self.occupy("/web/login")
        self.application.go_on.set()
        self.assertEqual(self.ask("/web/login")[0], 200)

    def test_uploads_leave_places_to_pages(self):
        with patch.object(admission, "SMALL", 3):
            thread = threading.Thread(target=self.ask, args=("/x", b"long body"))
            thread.start()
            self.addCleanup(thread.join, 30)
            self.assertTrue(self.application.serving.acquire(timeout=30))
            self.assertEqual(self.ask("/x", b"long body")[0], 503)
        self.application.go_on.set()
        self.assertEqual(self.ask("/web/login")[0], 200)

    def test_a_place_is_given_back(self):
        self.application.go_on.set()
        for _n in range(5):
            self.assertEqual(self.ask("/oiconnect/soap/sav/3.0")[0], 200)

    def test_a_place_is_given_back_after_a_failure(self):
        def fails(environ, start_response):
            raise ValueError

        self.admission.application = fails
        for _n in range(5):
            with self.assertRaises(ValueError):
                self.ask("/oiconnect/soap/sav/3.0")

    def test_a_body_is_whole_before_a_place_is_taken(self):
        ours, theirs = socket.socketpair()
        with ours, theirs, ours.makefile("rb") as stream:
            theirs.sendall(b"half")
            more = {"wsgi.input": stream, "werkzeug.socket": ours}
            more["CONTENT_LENGTH"] = "8"
            with patch.object(admission, "BODY_SECONDS", 0.05):
                self.assertEqual(self.ask("/oiconnect/soap/sav/3.0", **more)[0], 408)
        self.assertEqual(self.application.bodies, [])

    def test_one_address_is_waited_for_a_few_times(self):
        ours, theirs = socket.socketpair()
        with ours, theirs, ours.makefile("rb") as stream:
            more = {"wsgi.input": stream, "werkzeug.socket": ours}
            more |= {"CONTENT_LENGTH": "8", "REMOTE_ADDR": "192.0.2.1"}
            with patch.object(admission, "BODIES_OF_ONE", 1):
                thread = threading.Thread(target=self.ask, args=("/x",), kwargs=more)
                thread.start()
                self.addCleanup(thread.join, 30)
                while not self.admission._awaited["192.0.2.1"]:
                    pass
                self.assertEqual(self.ask("/x", **more)[0], 503)
                self.application.go_on.set()
                other = {"REMOTE_ADDR": "192.0.2.2"}
                self.assertEqual(self.ask("/x", b"body", **other)[0], 200)
            theirs.sendall(b"the rest")
        thread.join(30)
        self.assertFalse(self.admission._awaited)

    def test_a_body_that_comes_in_pieces_is_read_whole(self):
        self.application.go_on.set()
        ours, theirs = socket.socketpair()
        with ours, theirs, ours.makefile("rb") as stream:
            for piece in (b"<ha", b"lf", b"/>"):
                theirs.sendall(piece)
            more = {"wsgi.input": stream, "werkzeug.socket": ours}
            self.assertEqual(self.ask("/x", CONTENT_LENGTH="7", **more)[0], 200)
        self.assertEqual(self.application.bodies, [b"<half/>"])

    def test_chunks_beyond_the_limit_are_left_to_who_reads_them(self):
        self.application.go_on.set()
        with patch.object(admission, "SMALL", 3):
            more = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
            more["wsgi.input"] = BytesIO(b"0123456789")
            self.assertEqual(self.ask("/x", **more)[0], 200)
        self.assertEqual(b"".join(self.application.bodies), b"0123456789")
