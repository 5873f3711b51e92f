"""The stub of the media plane says what the compiled module has: the same names, arguments and docs."""

import ast
import inspect
import json
from pathlib import Path
from types import ModuleType

import pytest

STUB = Path(__file__).parents[2] / "src" / "mingjing" / "_media.pyi"


@pytest.fixture(scope="module")
def built() -> ModuleType:
    module: ModuleType = pytest.importorskip(
        "mingjing._media", reason="the media plane is not built: make build"
    )
    return module


def functions(body: list[ast.stmt]) -> dict[str, list[str]]:
    """Name → argument names of the functions in a body."""
    return {
        node.name: [argument.arg for argument in node.args.args]
        for node in body
        if isinstance(node, ast.FunctionDef)
    }


def stub_classes(tree: ast.Module) -> dict[str, dict[str, list[str]]]:
    return {node.name: functions(node.body) for node in tree.body if isinstance(node, ast.ClassDef)}


def arguments(thing: object) -> list[str]:
    return list(inspect.signature(thing).parameters)  # type: ignore[arg-type]


def test_the_stub_names_exactly_what_the_module_has(built: ModuleType) -> None:
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    named = set(functions(tree.body)) | set(stub_classes(tree))
    assert named == {name for name in vars(built) if not name.startswith("_")}


def test_functions_take_the_arguments_that_the_stub_says(built: ModuleType) -> None:
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    for name, expected in functions(tree.body).items():
        assert arguments(getattr(built, name)) == expected, name


def test_classes_have_the_methods_and_arguments_that_the_stub_says(built: ModuleType) -> None:
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    for class_name, methods in stub_classes(tree).items():
        built_class = getattr(built, class_name)
        public = {name for name in vars(built_class) if not name.startswith("_")} | {"__new__"}
        assert set(methods) == public
        assert ["cls", *arguments(built_class)] == methods.pop("__new__")
        for name, expected in methods.items():
            assert arguments(getattr(built_class, name)) == expected, name


def test_a_plane_starts_refuses_nonsense_and_stops(built: ModuleType) -> None:
    with pytest.raises(ValueError, match="ticket_key"):
        built.MediaPlane(json.dumps({"http_listen": "127.0.0.1:0", "ticket_key": "00"}))
    plane = built.MediaPlane(json.dumps({"http_listen": "127.0.0.1:0", "ticket_key": "00" * 32}))
    with pytest.raises(RuntimeError, match="start"):
        plane.streams()
    address = json.loads(plane.start())["http"]
    assert address.startswith("127.0.0.1:") and not address.endswith(":0")
    other = built.MediaPlane(json.dumps({"http_listen": address, "ticket_key": "00" * 32}))
    with pytest.raises(OSError, match=f"http_listen {address}"):
        other.start()
    with pytest.raises(ValueError, match="stream"):
        plane.put_stream("{}")
    assert json.loads(plane.streams()) == [] and json.loads(plane.viewers()) == []
    assert plane.latest_key_frame("ch_a.main") is None
    plane.stop(2000)
    plane.stop(2000)
    assert json.loads(plane.events(10)) == []
