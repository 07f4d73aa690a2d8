"""aiogram is loaded lightly, and yet it is all there: each in a process that has not loaded it."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.process, pytest.mark.frameworks]

ROOT = Path(__file__).parents[3]
MOST_MIB = 150
"""For both messengers with all they need; with aiogram's models built it would be 260."""

LOADED = """
import bot.messengers.telegram
import bot.messengers.vk

lines = open("/proc/self/status", encoding="ascii").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmRSS:")))
"""
READS = """
import pydantic
import bot.messengers.telegram
from aiogram import methods, types

assert not types.Message.__pydantic_complete__
told = {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "Готово"}
answer = methods.Response[types.Message].model_validate({"ok": True, "result": told})
assert answer.result.chat.type == "private"
update = types.Update.model_validate({"update_id": 1, "message": told})
assert isinstance(update.message, types.Message)
assert isinstance(update.message.chat, types.Chat)

every = [getattr(room, name) for room in (types, methods) for name in room.__all__]
models = [one for one in every if isinstance(one, type) and issubclass(one, pydantic.BaseModel)]
assert len(models) > 400
assert not [one for one in models if one.model_rebuild() is False]
assert all(one.__pydantic_complete__ for one in models)
"""
LEAVES_ALONE = """
import pydantic
import bot.messengers.telegram

class Node(pydantic.BaseModel):
    next: "Later"

class Later(pydantic.BaseModel):
    number: int

assert Node.model_rebuild()
assert Node(next={"number": "1"}).next.number == 1
"""
WHOLE_ALREADY = """
from aiogram import types

assert types.Message.__pydantic_complete__
import bot.messengers.telegram
assert "model_rebuild" not in vars(types.TelegramObject)
"""


def printed(program: str) -> str:
    """Run a program in a process of its own, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_both_messengers_leave_room_for_the_bot() -> None:
    assert int(printed(LOADED)) < MOST_MIB * 1024


@pytest.mark.parametrize("program", [READS, LEAVES_ALONE, WHOLE_ALREADY])
def test_its_models_are_built_once_somebody_uses_them(program: str) -> None:
    assert printed(program) == ""
