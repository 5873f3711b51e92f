"""The wheel in an empty virtual environment: no Rust, no Node, no repository, and the same program comes up.

`MINGJING_TEST_WHEEL` may name a wheel; without it one is packed from what `make build` compiled.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.e2e.house import items, running, until

ROOT = Path(__file__).parents[2]
VARIABLE = "MINGJING_TEST_WHEEL"
CAMERAS = 8
FLAKY = 1
STOP_S = 5


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("dist")
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    made = subprocess.run(
        [str(ROOT / "tools/wheel"), "pack", str(folder)],
        env=os.environ | {"PATH": tools}, check=False, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-3000:]
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel and what it asks for, nothing else."""
    place = tmp_path_factory.mktemp("empty") / "venv"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(place)], check=True, timeout=60)
    # The versions that the lock names: the same packages as everywhere in this house, and from the cache.
    install = [*uv, "pip", "install", "-q", "--python", str(place / "bin/python")]
    install += ["-c", str(ROOT / "requirements.lock"), str(wheel)]
    made = subprocess.run(install, check=False, capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stderr[-3000:]
    return place / "bin"


@pytest.fixture
def environment(installed: Path, tmp_path: Path) -> dict[str, str]:
    """What the installed program is given: its own programs and a home; nothing that builds, nothing of ours."""
    given = {"PATH": str(installed), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    assert not any(shutil.which(name, path=given["PATH"]) for name in ("cargo", "rustc", "node", "npm"))
    return given


def test_the_console_and_the_media_plane_are_inside_and_no_source_of_either(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as inside:
        names = inside.namelist()
    assert "mingjing/web/static/index.html" in names
    assert any(re.fullmatch(r"mingjing/web/static/assets/.+\.js", name) for name in names)
    assert "mingjing/_media.abi3.so" in names
    assert "mingjing/migrations/script.py.mako" in names
    assert any(name.startswith("mingjing/migrations/versions/r0001") for name in names)
    assert any(name.startswith("mingjing/territory/data/") for name in names)
    assert {"mingjing/paper/typefaces/NotoSansSC-Bold.ttf", "mingjing/paper/typefaces/OFL.txt"} <= set(names)
    assert "mingjing/paper/templates/house.typ" in names
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"mingjing"}
    assert not [name for name in names if re.search(r"(^|/)tests?/|\.(ts|tsx|rs)$|\.vite/", name)]


def test_it_says_its_version_and_whether_this_machine_is_fit(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    ports = {f"MINGJING_{name}_PORT": "0" for name in ("SERVER", "MEDIA", "MEDIA_RTSP")}

    def said(*arguments: str) -> str:
        done = subprocess.run(
            [str(installed / "mingjing"), *arguments],
            env=environment | ports, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode in {0, 1}, done.stderr
        return done.stdout

    assert re.fullmatch(r"mingjing \d+\.\d+\.\d+\s*", said("--version"))
    found = said("doctor")
    assert "h264 hevc aac mjpeg" in found
    assert "● 端口 server.port" in found, found


@pytest.mark.timeout(240)
def test_it_serves_the_demo_and_records_and_stops_when_told(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with running(data, (str(installed / "mingjing"),), environment) as house:
        page = httpx.get(house.base + "/")
        assert page.is_success
        script = re.search(r'src="(/assets/[^"]+\.js)"', page.text)
        assert script is not None, page.text
        assert httpx.get(house.base + script[1]).headers["content-type"].startswith("text/javascript")
        with house.api("demo-operator-admin") as client:
            assert len(items(client, "cameras")) == CAMERAS
            until("the cameras are recorded", lambda: _recording(client) >= CAMERAS - FLAKY, 60)
        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(STOP_S) == 0, house.transcript()[-3000:]
    assert list((data / "recordings").rglob("*.mp4"))


def _recording(client: httpx.Client) -> int:
    states = [camera["recording"]["state"] for camera in items(client, "cameras")]
    return states.count("recording")
