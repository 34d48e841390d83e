"""make lint's check of sizes: small methods and files, enough tests."""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

MEDIAN_LIMIT = 8
NINE_TENTHS_LIMIT = 25
FILE_LIMIT = 400


def tracked(pattern):
    listing = subprocess.run(
        ["git", "ls-files", "-z", pattern],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [
        path
        for name in listing.stdout.split("\0")
        if name and (path := Path(name)).is_file()
    ]


def is_test(path):
    return "tests" in path.parts


def documentation_lines(function):
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None:
        return 0
    return first.end_lineno - first.lineno + 1


def methods(path):
    """(lines, place) of each function: from its def to its end, less its docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1 - documentation_lines(node)
            yield lines, f"{path}:{node.lineno} {node.name}"


def code_lines(paths):
    return sum(
        bool(line.strip()) for path in paths for line in path.read_text().splitlines()
    )


def judge(name, value, limit, details=()):
    fits = value <= limit
    print(f"{'ok ' if fits else 'BAD'} {name}: {value:g} (limit {limit})")
    if not fits:
        print("".join(f"      {detail}\n" for detail in details), end="")
    return fits


def check_methods(paths):
    found = sorted((pair for path in paths for pair in methods(path)), reverse=True)
    sizes = [size for size, _place in found] or [0]
    nine_tenths = sizes[int(len(sizes) * 0.1)]
    longest = [f"{size} lines  {place}" for size, place in found[:15]]
    return [
        judge(
            "median lines of a method", statistics.median(sizes), MEDIAN_LIMIT, longest
        ),
        judge(
            "lines that 90 % of methods keep to",
            nine_tenths,
            NINE_TENTHS_LIMIT,
            longest,
        ),
    ]


def check_files(paths):
    sizes = {path: len(path.read_text().splitlines()) for path in paths}
    too_long = [
        f"{size} lines  {path}" for path, size in sizes.items() if size > FILE_LIMIT
    ]
    return [
        judge(
            "lines of the longest file",
            max(sizes.values(), default=0),
            FILE_LIMIT,
            too_long,
        )
    ]


def report_tests(paths):
    """Only told for now: tests follow the code they test."""
    tests = code_lines(path for path in paths if is_test(path))
    code = code_lines(
        path for path in paths if not is_test(path) and path.parts[0] == "addons"
    )
    ratio = tests / max(code, 1)
    word = "ok " if ratio >= 1 else "low"
    print(f"{word} test lines: {tests}, code lines: {code} (ratio {ratio:.2f}, aim 1)")


def main():
    paths = tracked("*.py")
    results = check_methods([path for path in paths if not is_test(path)])
    results += check_files(paths)
    report_tests(paths)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
