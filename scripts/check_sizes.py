"""make lint's check of sizes: no method and no file beyond all measure."""

import ast
import subprocess
import sys
from pathlib import Path

# Alarms, not aims: what is above is split by subject, not by lines.
METHOD_LIMIT = 60
FILE_LIMIT = 700


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


def is_table(function):
    """Only returns a literal: terms that are translated cannot be a constant."""
    last = function.body[-1]
    return isinstance(last, ast.Return) and isinstance(last.value, ast.Dict | ast.List)


def methods(path):
    """(lines, place) of each function: from its def to its end, less its docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if len(node.body) > 2 or not is_table(node):
            lines = node.end_lineno - node.lineno + 1 - documentation_lines(node)
            yield lines, f"{path}:{node.lineno} {node.name}"


def code_lines(paths):
    return sum(
        bool(line.strip()) for path in paths for line in path.read_text().splitlines()
    )


def too_long(sizes, limit):
    """Print each of ``sizes``, (lines, place), that is above the limit; return them."""
    found = [pair for pair in sorted(sizes, reverse=True) if pair[0] > limit]
    for size, place in found:
        print(f"BAD {size} lines (limit {limit})  {place}")
    return found


def report_tests(paths):
    """Print the size of the tests, without a limit: they follow the code they test."""
    tests = code_lines(path for path in paths if is_test(path))
    code = code_lines(
        path for path in paths if not is_test(path) and path.parts[0] == "addons"
    )
    ratio = tests / max(code, 1)
    word = "ok " if ratio >= 1 else "low"
    print(f"{word} test lines: {tests}, code lines: {code} (ratio {ratio:.2f}, aim 1)")


def main():
    paths = tracked("*.py")
    code = [path for path in paths if not is_test(path)]
    bad = too_long((pair for path in code for pair in methods(path)), METHOD_LIMIT)
    bad += too_long(
        ((len(path.read_text().splitlines()), path) for path in paths), FILE_LIMIT
    )
    report_tests(paths)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
