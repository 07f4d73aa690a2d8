"""The plugin tests/clauses.py, tried on small suites of its own."""

import pytest

pytest_plugins = ["pytester"]

MARKED = """
    import pytest

    @pytest.mark.clause("П1-1.5")
    @pytest.mark.clause("5.4")
    @pytest.mark.parametrize("number", [1, 2])
    def test_hand_in(number):
        raise RuntimeError("nothing is run")

    class TestReview:
        pytestmark = pytest.mark.clause("П1-2.3")

        def test_same_day(self):
            raise RuntimeError("nothing is run")
"""


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(test_school=source)
    return pytester.runpytest_inprocess("-p", "tests.clauses", "-p", "no:asyncio", *options)


def test_the_regulation_is_printed_with_its_tests_and_nothing_runs(
    pytester: pytest.Pytester,
) -> None:
    result = run(pytester, MARKED, "--clauses")
    assert result.ret == pytest.ExitCode.OK
    lines = result.stdout.lines
    where = lines.index("5.4     Кто это: регистрация и личный код")
    assert lines[where + 1].strip() == "test_school.py::test_hand_in"
    assert lines[where + 2].startswith("5.5 ")
    assert "П1-2.3  Учитель: проверить в день получения" in lines
    assert "          test_school.py::TestReview::test_same_day" in lines
    assert "5.5     Условия оценочных работ  (no test)" in lines
    assert "3 of 56 clauses have tests" in lines


def test_with_several_workers_the_list_is_the_same(pytester: pytest.Pytester) -> None:
    result = run(pytester, MARKED, "--clauses", "-n", "2")
    assert result.ret == pytest.ExitCode.OK
    assert "3 of 56 clauses have tests" in result.stdout.lines


def test_without_the_option_tests_run(pytester: pytest.Pytester) -> None:
    run(pytester, MARKED).assert_outcomes(failed=3)


@pytest.mark.parametrize(
    "mark",
    ['@pytest.mark.clause("П1-9.9")', "@pytest.mark.clause", '@pytest.mark.clause("P1-1.5")'],
)
@pytest.mark.parametrize("options", [(), ("--clauses",)])
def test_an_unknown_clause_is_an_error_of_collection(
    pytester: pytest.Pytester, mark: str, options: tuple[str, ...]
) -> None:
    source = f"import pytest\n\n{mark}\ndef test_one():\n    pass\n"
    result = run(pytester, source, *options)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_school.py::test_one: the regulation has no clause*"])
