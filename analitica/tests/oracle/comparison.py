"""Whether an answer agrees with the oracle's, and where not."""

from typing import Any

from analitica.tests.oracle.values import Figure

# Half a unit of the last decimal, and the little by which floats err.
TOLERANCES = {2: 0.0051, 4: 0.00011}


def differences(expected: Any, found: Any, where: str = "answer") -> list[str]:
    """Return a sentence for each place where `found` is not what `expected` says."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return _of_maps(expected, found, where)
    if isinstance(expected, list) and isinstance(found, list):
        return _of_lists(expected, found, where)
    if isinstance(expected, Figure) and type(found) in (int, float):
        return _of_figures(expected, found, where)
    if type(expected) is type(found) and expected == found:
        return []
    return [f"{where}: {found!r}, expected {expected!r}"]


def _of_maps(expected: dict[str, Any], found: dict[str, Any], where: str) -> list[str]:
    said = []
    if lost := [key for key in expected if key not in found]:
        said.append(f"{where}: lacks {lost}")
    if more := [key for key in found if key not in expected]:
        said.append(f"{where}: has {more}, which nobody expects")
    if not lost and not more and list(expected) != list(found):
        said.append(f"{where}: keys in the order {list(found)}, expected {list(expected)}")
    for key in expected:
        if key in found:
            said += differences(expected[key], found[key], f"{where}[{key!r}]")
    return said


def _of_lists(expected: list[Any], found: list[Any], where: str) -> list[str]:
    said = []
    if len(expected) != len(found):
        said.append(f"{where}: {len(found)} members, expected {len(expected)}")
    for place, (one, other) in enumerate(zip(expected, found, strict=False)):
        said += differences(one, other, f"{where}[{place}]")
    return said


def _of_figures(expected: Figure, found: float, where: str) -> list[str]:
    if abs(found - float(expected.exact)) > TOLERANCES[expected.places]:
        return [f"{where}: {found!r}, expected {float(expected)!r}"]
    if round(found, expected.places) != found:
        return [f"{where}: {found!r} has more than {expected.places} decimals"]
    return []
