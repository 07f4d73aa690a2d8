"""A pytest plugin: which test holds which clause of the regulation.

`pytest --clauses` prints the regulation clause by clause with the tests that carry
`@pytest.mark.clause("П1-1.5")`, and runs nothing. A number that the regulation does not have is
an error where the test is collected.
"""

from collections.abc import Generator, Iterator

import pytest

from school.rules.regulation import CLAUSES


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--clauses",
        action="store_true",
        help="print the regulation with its tests instead of running them",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "clause(number): the clause that the test holds")
    if config.option.clauses and hasattr(config.option, "dist"):
        config.option.dist = "no"  # pytest-xdist's controller would have no tests to list
        config.option.tx = []


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    collected = report.result or []
    refused = [
        f"{node.nodeid}: the regulation has no clause {number!r}"
        for node in collected
        if isinstance(node, pytest.Item)
        for number in clause_numbers(node)
        if number not in CLAUSES
    ]
    if refused:
        report.outcome = "failed"
        report.longrepr = "\n".join(refused)
        report.result = []
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    if not session.config.option.clauses or session.testsfailed:
        return None
    reporter = session.config.get_terminal_writer()
    for line in regulation_with_tests(session.items):
        reporter.line(line)
    return True


def clause_numbers(item: pytest.Item) -> list[str]:
    """List the clauses an item is marked with; a mark without a number counts as an unknown one."""
    return [str(number) for mark in item.iter_markers("clause") for number in mark.args or ("",)]


def regulation_with_tests(items: list[pytest.Item]) -> Iterator[str]:
    """Write the regulation in its own order, each clause with its tests, then the sum."""
    tests: dict[str, dict[str, None]] = {number: {} for number in CLAUSES}
    for item in items:
        for number in clause_numbers(item):
            tests[number][item.nodeid.partition("[")[0]] = None
    for number, clause in CLAUSES.items():
        mark = "" if tests[number] else "  (no test)"
        yield f"{number:<7} {clause.title}{mark}"
        yield from (f"          {test}" for test in tests[number])
    held = sum(map(bool, tests.values()))
    yield f"{held} of {len(CLAUSES)} clauses have tests"
