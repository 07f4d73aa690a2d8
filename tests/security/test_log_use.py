"""What a log still has to say (ASVS 16.2.1): where a fault lies in the code, on disk, in the net.

What is hidden from it: `test_log_lines.py`.
"""

import errno
import json
import logging
import os

import pytest
import structlog

from handlers.messages import Button
from tests.bot.test_logs import Sink, sink

__all__ = ["sink"]


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ("None.person", "'NoneType' object has no attribute 'person'"),
        ("Button.lable", "type object 'Button' has no attribute 'lable'"),
        ("Button(lable='go')", "got an unexpected keyword argument 'lable'"),
        ("Button()", "missing 1 required positional argument: 'label'"),
        ("int(None)", "not 'NoneType'"),
        ("1 < 'x'", "between instances of 'int' and 'str'"),
        ("{} + 1", "unsupported operand type(s) for +: 'dict' and 'int'"),
        ("__import__('storage.nowhere')", "No module named 'storage.nowhere'"),
        ("nowhere", "name 'nowhere' is not defined"),
    ],
)
def test_what_python_says_of_the_code_stays(sink: Sink, mistake: str, told: str) -> None:
    try:
        eval(mistake, {"Button": Button})
    except (AttributeError, ImportError, NameError, TypeError):
        logging.getLogger("bot.test").exception("failed")
    assert told in sink.text


@pytest.mark.parametrize(
    "path",
    [
        "/srv/dezhurny/data/dezhurny.db",
        "/srv/dezhurny/data/dezhurny.db-wal",
        "data/dezhurny.db.before-0003",
        "/srv/dezhurny/data/files",
        f"/srv/dezhurny/data/files/ab/{'ab' * 32}",
        "/srv/dezhurny/data/files/.incoming-x1y2z3_a",
        "/srv/dezhurny/data/heartbeat.json.new",
        "/mnt/backup/dezhurny/dezhurny-2026-11-23T0215+0300.tar",
    ],
)
def test_where_a_disk_is_full_or_closed_an_operator_is_told(sink: Sink, path: str) -> None:
    for number in (errno.ENOSPC, errno.EACCES):
        error = OSError(number, os.strerror(number), path)
        structlog.get_logger("bot.test").error("failed", cause=str(error), exc_info=error)
    assert sink.text.count(f"'{path}'") == 4
    for told in ("[Errno 28] No space left on device", "[Errno 13] Permission denied"):
        assert told in sink.text


def test_a_host_that_does_not_answer_is_named(sink: Sink) -> None:
    failures = (
        "[Errno 111] Connect call failed ('10.0.0.1', 443)",
        "[Errno 101] Connect call failed ('2a0a::c1', 443, 0, 0)",
        "Hostname mismatch, certificate is not valid for 'api.telegram.org'. (_ssl.c:1006)",
    )
    for told in failures:
        logging.getLogger("bot.test").error("failed", exc_info=ConnectionError(told))
    for told in failures:
        assert json.dumps(told)[1:-1] in sink.text
