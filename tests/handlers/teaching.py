"""What the teacher's tests share: a task that is set, a work that is handed in, buttons found."""

from storage import tasks
from storage.tasks import Task
from tests.chat import Chat, House, Sendable


def action_of(chat: Chat, label: str) -> str:
    """Return the action of the newest button whose label begins so."""
    for shown in reversed(chat.messages):
        for row in shown.message.buttons:
            for button in row:
                if button.label.startswith(label):
                    return button.action
    raise AssertionError(f"no button {label!r} here:\n{chat.transcript()}")


async def sets_task(
    house: House,
    who: str = "T01",
    course: str = "7Б, геометрия",
    due: str = "27.11 15:00",
    text: str = "№ 12–15",
) -> Task:
    """Let a teacher set a task and return it."""
    teacher = await house.chat(who)
    await teacher.says("Новое задание")
    await teacher.presses(course)
    await teacher.says(text)
    await teacher.presses("Дальше")
    await teacher.says(due)
    await teacher.presses("Задать")
    teacher.sees("Задано")
    async with house.database.read() as tx:
        own = await tasks.of_teacher(tx, teacher.person_id)
    return max(own, key=lambda task: task.id)


async def hands_in(
    house: House, who: str, task: Task, *files: Sendable, text: str = "", student: str = ""
) -> Chat:
    """Let a student, or the guardian of one, hand a work in."""
    chat = await house.chat(who)
    whose = await house.person(student or who)
    await chat.acts(f"hand_in.start:{whose.id}:{task.id}")
    if files:
        await chat.sends(*files)
    if text:
        await chat.says(text)
    await chat.presses("Отправить")
    chat.sees("№")
    return chat
