"""The architecture as a test: who may import whom (`CONCEPTS.md`, Layers), nested imports included."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

STAGES = {"readers", "pipeline", "rules", "reports", "fixes"}
LAYERS = {"engine": 3, "cli": 4, "service": 4, "editor": 4, "spark": 4, "__main__": 5, "__init__": 5}
LAYERS |= dict.fromkeys(STAGES, 2)
FACTS = 1
OUTSIDE = {"training", "tests", "benchmarks"}


def modules(root: Path) -> dict[str, Path]:
    found = {}
    for path in sorted((root / "detector").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: set[str]) -> Iterator[str]:
    """Absolute names that a file imports anywhere, as modules of ours where they are ours."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}"
                yield deeper if deeper in known else str(node.module)


def part(module: str) -> str:
    """The room of a module: `detector.readers.csv` is in `readers`."""
    return module.split(".")[1] if "." in module else "__init__"


def layer(module: str) -> int:
    return LAYERS.get(part(module), FACTS)


@pytest.fixture(scope="module")
def graph(root: Path) -> dict[str, set[str]]:
    known = modules(root)
    return {name: set(imports(path, set(known))) - {name} for name, path in known.items()}


def test_modules_import_lower_layers_only(graph: dict[str, set[str]]) -> None:
    wrong = [
        f"{name} -> {target}"
        for name, targets in graph.items()
        for target in targets
        if target.split(".")[0] == "detector" and target != "detector"
        and part(name) != part(target) and name != "detector"
        and not (layer(target) < layer(name) or layer(name) == layer(target) == FACTS)
    ]  # fmt: skip
    assert wrong == []


def test_nothing_of_ours_is_imported_in_a_circle(graph: dict[str, set[str]]) -> None:
    inside = {
        name: {each for each in targets if each in graph and each != "detector"} for name, targets in graph.items()
    }
    packages = {name for name in inside if any(other.startswith(f"{name}.") for other in inside)}
    plain = {name: targets - packages for name, targets in inside.items() if name not in packages}
    assert list(TopologicalSorter(plain).static_order())


def test_readers_and_reports_do_without_spacy(graph: dict[str, set[str]]) -> None:
    users = {name for name, targets in graph.items() if any(each.split(".")[0] == "spacy" for each in targets)}
    assert {part(name) for name in users} <= {"pipeline", "engine"}


def test_the_package_never_imports_what_is_built_on_it(graph: dict[str, set[str]]) -> None:
    assert {each for targets in graph.values() for each in targets if each.split(".")[0] in OUTSIDE} == set()
