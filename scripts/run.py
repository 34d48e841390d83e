"""make run: the product with its demo network, until Ctrl-C."""

import contextlib
import fcntl
import os
import sys
import time

import demo_keys
import demo_sftp
import demo_soap
from oictools import database, product, settings
from oictools.console import START, Failure, main, say
from oictools.services import Service, Supervisor, free_port, require_ports

# One place is left to answers to orders whatever else goes on: an import, a publication
# that is made, another that is on its way, servers of operators that do not answer.
CHANNELS = (
    "root:6,root.oiconnect_import:1,root.oiconnect_publish:1,root.oiconnect_deliver:1,"
    "root.oiconnect_notify:1,root.oiconnect_webhook:1"
)
BANNER = """
  OIConnect is running ({seconds:.0f} s). Ctrl-C stops it.

    web client      http://localhost:{http}/odoo
    demo SFTP       sftp://127.0.0.1:{sftp}  ({accounts})
    SAV service     http://localhost:{http}/oiconnect/soap/sav/3.0?wsdl  (the same)
    REST API        http://localhost:{http}/oiconnect/api/v1/docs
{keys}
    notifications   {notified}
    health          http://localhost:{http}/oiconnect/health
    logs            {log}

{logins}
"""


def odoo_service(name, port, *, people):
    """Two Odoo processes: pages stay quick while jobs use the other core."""
    command = [sys.executable, settings.ODOO_BIN, "-d", settings.DATABASE]
    command += ["--http-port", str(port)]
    command += ["--max-cron-threads", "0" if people else "2"]
    return Service(
        name, command, {"ODOO_QUEUE_JOB_CHANNELS": "root:0" if people else CHANNELS}
    )


def sftp_service():
    server = [sys.executable, demo_sftp.__file__]
    return Service("sftp", [*server, str(settings.SFTP), str(settings.SFTP_PORT)])


def soap_service():
    """The server where operators of the demo are notified of their tickets."""
    command = [sys.executable, demo_soap.__file__, str(settings.OC_SOAP_PORT)]
    return Service("operators", command)


def logins():
    text = (settings.ROOT / "scripts" / "demo-logins.txt").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return "\n".join(f"    {line}" for line in lines)


def banner():
    return BANNER.format(
        seconds=time.time() - START,
        http=settings.HTTP_PORT,
        sftp=settings.SFTP_PORT,
        accounts=", ".join(
            f"{login} / {word}" for login, word in demo_sftp.ACCOUNTS.items()
        ),
        keys="\n".join(
            f"{'':20}{code}: Authorization: Bearer {value}"
            for code, value in demo_keys.KEYS.items()
        ),
        notified=settings.OC_SOAP_URL,
        log=settings.LOG,
        logins=logins(),
    )


def run():
    http = [settings.HTTP_PORT] + [settings.OC_SOAP_PORT] * settings.OWN_OC_SOAP
    require_ports({"OIC_HTTP_PORT": http, "OIC_SFTP_PORT": [settings.SFTP_PORT]})
    host_key = demo_sftp.prepare(settings.SFTP)
    product.prepare(settings.DATABASE, settings.SFTP_PORT, host_key)
    say("starting the web client, the job runner and the demo SFTP server")
    with Supervisor() as supervisor:
        if settings.OWN_OC_SOAP:
            supervisor.start(soap_service())
        supervisor.start(
            sftp_service(), odoo_service("web", settings.HTTP_PORT, people=True)
        )
        supervisor.wait_for(f"http://127.0.0.1:{settings.HTTP_PORT}/web/login")
        supervisor.start(odoo_service("jobs", free_port(), people=False))
        print(banner(), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            supervisor.watch()


def reset():
    for name in (settings.DATABASE, f"{settings.DATABASE}_new"):
        database.drop(name)
    say(f"the database {settings.DATABASE} is gone: make run builds it again")


@contextlib.contextmanager
def only_one():
    """Fail while another `make run` is at work in the same folder, on our database."""
    with (settings.HOME / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            number = lock.read().strip()
            raise Failure(
                f"another `make run` is at work in this folder (process {number}).",
                f"Stop it: kill {number}",
                "Or give this one a folder and ports of its own: make run"
                f" OIC_HOME={settings.HOME}-2 OIC_HTTP_PORT={settings.HTTP_PORT + 1}"
                f" OIC_SFTP_PORT={settings.SFTP_PORT + 1}",
            ) from None
        lock.truncate(0)
        print(os.getpid(), file=lock, flush=True)
        yield


def at_work():
    with only_one():
        return reset() if "--reset" in sys.argv else run()


if __name__ == "__main__":
    main(at_work, stop_server=True)
