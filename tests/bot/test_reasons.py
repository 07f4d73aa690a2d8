"""Why something failed, in the operator's language and in no other."""

import errno
import os
import re
from string import Formatter

import pytest

from bot.commands import reasons
from handlers.texts import Texts
from storage.backups.failures import BadArchive, Fault, Unsound

RU, EN = Texts("ru"), Texts("en")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOENT, "нет такой папки или файла"),
        (errno.EACCES, "нет прав"),
        (errno.EPERM, "нет прав"),
        (errno.EISDIR, "это папка"),
        (errno.ENOTDIR, "это не папка"),
        (errno.EEXIST, "это имя уже занято"),
        (errno.EROFS, "диск только для чтения"),
        (errno.ENOSPC, "на диске кончилось место"),
        (errno.EIO, "диск не читает или не пишет"),
        (errno.ECONNREFUSED, "соединение отклонено"),
    ],
)
def test_what_the_system_says_is_said_in_words(number: int, said: str) -> None:
    plain = os.strerror(number)
    assert reasons.of_system(RU, OSError(number, plain)) == said
    assert reasons.worded(RU, plain) == said
    assert reasons.worded(EN, plain) != said


def test_what_has_no_words_keeps_the_systems_own() -> None:
    refused = OSError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)")
    assert reasons.of_system(RU, refused) == "соединение отклонено"
    certificate = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"
    assert reasons.of_system(RU, OSError(1, certificate)) == certificate
    assert reasons.of_system(RU, OSError(errno.ELOOP, "Too many links")) == "Too many links"
    assert reasons.of_system(RU, OSError("nothing more")) == "nothing more"
    assert reasons.of_backup(RU, Unsound("file is not a database")) == "file is not a database"


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name)
def test_every_fault_is_told_in_both_languages(fault: Fault) -> None:
    """What the tar or the JSON says of itself is for the log alone."""
    params = {name: f"«{name}»" for _, name, _, _ in Formatter().parse(fault.value) if name}
    failure = BadArchive(fault, **params)
    russian = reasons.of_backup(RU, failure)
    assert not re.search("[a-z]", re.sub("«.*?»", "", russian))
    for name in params.keys() - {"error"}:
        if fault is not Fault.NO_BACKUP and (fault, name) != (Fault.FORMAT, "name"):
            assert params[name] in russian
            assert params[name] in reasons.of_backup(EN, failure)
        assert params[name] in str(failure)
