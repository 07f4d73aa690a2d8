"""Every word a person reads: whole in both languages, used, grammatical, and kind."""

import re
from collections import defaultdict
from collections.abc import Iterable

import pytest

from bot.commands.codes import MESSENGERS
from bot.demo.glass import WHY_DEAD, WHY_DROPPED
from bot.demo.words import page_words
from handlers import courtesy, dispatch, notices
from handlers.draft_card import KINDS
from handlers.messages import LABEL_CHARS, FileState
from handlers.texts import FOLDER, LANGUAGES, Texts
from scheduler.parcels import OUTDATED
from scheduler.plan import MOMENTS
from school.day import STEPS, Shape
from school.enrolment import CodeFate
from school.homework import TaskState
from school.post import Fate
from school.standing import Place
from storage import outbox
from storage.failures import Cause
from storage.people import Role
from storage.tasks import Channel
from tests.words import COUNTS, Word, rendered, words
from tests.words_in_code import HOLE, Saying, constants, patterns, sayings
from tests.words_on_page import page_constants, page_patterns, page_sayings


def dashed(values: Iterable[str]) -> set[str]:
    return {str(value).replace("_", "-") for value in values}


ELSEWHERE = dashed(Channel) - {"bot"}
OUTBOX_STATES = {
    *(outbox.PLANNED, outbox.SENDING, outbox.SENT),
    *(outbox.DEAD, outbox.DROPPED, outbox.UNKNOWN),
}
AUDIENCES = {"learner", "family", "alone", "staff"}
ANY: set[str] = set()
FAMILIES: dict[str, set[str]] = {
    "answers-{}": {"pass", "fail"},
    "cli-role-{}": dashed(Role),
    "cli-{}": dashed(Cause),
    "courtesy-noted-{}": AUDIENCES,
    "courtesy-said-{}": {*courtesy.Courtesy, "besides"},
    "courtesy-thanks-{}": AUDIENCES,
    "day-mail-{}": dashed(Fate),
    "day-place-{}": {"online", "materials", "remote", "school"},
    "day-{}": dashed(Shape) - {"remote"},
    "day-{}-done": set(STEPS),
    "day-{}-open": set(STEPS),
    "deadline-{}": {"before-hour", "after-hour", "evening"},
    "demo-column-{}": ANY,
    "demo-step-{}": ANY,
    "demo-{}": ANY,
    "enrol-code-{}": dashed(CodeFate) - {"good"},
    "family-{}": (dashed(Shape) - {"remote"}) | set(STEPS),
    "hand-in-by-{}": ELSEWHERE,
    "hand-in-count-{}": set(KINDS),
    "hand-in-file-{}": dashed(FileState) - {"stored"},
    "lists-{}": {"troubled", "unbound", "unregistered"},
    "menu-{}": set(dispatch.COMMANDS),
    "missing-line-{}": ELSEWHERE,
    "missing-{}": dashed(Place) - {"missing"},
    "own-task-channel-{}": ELSEWHERE,
    "page-dead-{}": set(WHY_DEAD.values()),
    "page-dropped-{}": set(WHY_DROPPED.values()),
    "page-kind-{}": {*notices.KINDS, "reply", OUTDATED},
    "page-phone-chat-{}": set(MESSENGERS),
    "page-moment-{}": {*(moment.name for moment in MOMENTS), "deadline", "working-day"},
    "page-state-{}": OUTBOX_STATES,
    "page-step-{}": set(STEPS),
    "page-today-{}": dashed(Shape) - {"remote"},
    "review-voice-{}": {"long", "missing"},
    "set-task-channel-{}": dashed(Channel),
    "slips-{}": set(MESSENGERS),
    "tasks-state-{}": dashed(TaskState),
    "tasks-{}": {"reviewed", "returned"},
}
"""What an f-string's hole may be; ANY: whatever there is under the prefix."""

SPOKEN_ELSEWHERE = {"bot-description", "bot-short-description"}
"""Said through a table of keys or by a name that is not a string in the code."""

PLURALS = {
    "teacher-works": ("работ", "работа", "работы", "работ", "работ", "работа", "работы"),
    "teacher-files": ("файлов", "файл", "файла", "файлов", "файлов", "файл", "файла"),
    "teacher-students": (
        *("учеников", "ученик", "ученика", "учеников", "учеников", "ученик", "ученика"),
    ),
    "hand-in-count-document": ("файлов", "файл", "файла", "файлов", "файлов", "файл", "файла"),
    "hand-in-count-audio": (
        *("аудиозаписей", "аудиозапись", "аудиозаписи", "аудиозаписей"),
        *("аудиозаписей", "аудиозапись", "аудиозаписи"),
    ),
    "answers-unread": ("ответов", "ответ", "ответа", "ответов", "ответов", "ответ", "ответа"),
    "tasks-open": (*("заданий", "задание", "задания", "заданий", "заданий", "задание", "задания"),),
    "day-earlier": ("работ", "работу", "работы", "работ", "работ", "работу", "работы"),
}
"""The noun beside 0, 1, 2, 5, 11, 21 and 1,5."""

NAMING = re.compile(r"\b(?:ни)?кто(?: ещё)? не \w+", re.IGNORECASE)
"""«Кто не сдал», «никто не сдал»: the pronoun has no other form."""

_DID = (
    "проверил сдал отправил прислал получил выполнил сделал прочитал ответил забыл открыл отметил "
    "поставил вернул отменил дал задал написал успел нажал решил сказал прикрепил загрузил выбрал "
    "указал подтвердил опоздал прогулял оценил исправил видел посмотрел написал записал удалил "
    "назначил поменял хотел просил попросил пожаловался зарегистрировался старался ошибся"
)
_ALSO = "вошёл вошла прочёл прочла смог смогла перенёс перенесла ввёл ввела должен должна рад рада"
GENDERED = re.compile(
    r"\b(?:"
    + "|".join(
        [
            *(
                re.sub(r"л(ся)?$", lambda end: r"(?:лся|лась)" if end[1] else "ла?", verb)
                for verb in _DID.split()
            ),
            *_ALSO.split(),
        ]
    )
    + r")\b",
    re.IGNORECASE,
)
"""What only people do, said so that it tells whether a man or a woman did it."""

UNKIND = re.compile(
    r"оценк|оценок|оценён|прогул|должник|долг(?:и|ов|ам)?\b|опять|забыл|снова не|лентя|ленив|плох|"
    r"провал|наруш|наказ|стыд|безответ|неуспева|двоеч|хуже всех|в последний раз|немедленно|"
    r"обязан|виноват",
    re.IGNORECASE,
)
LOUD = re.compile(
    "[\U0001f534\u2757\u2755\u203c\u2049\u26d4\U0001f6a8\u274c\u26a0\U0001f6d1]|!!|\\?!|!\\?"
)
CLAIMS = re.compile(r"уже зна(?:ют|ет)|сказано|(?:has been|were|was) told", re.IGNORECASE)
"""What nobody can promise: a message may wait for the morning, or reach no chat at all."""
ISOLATES = re.compile("[\u2066-\u2069\u202a-\u202e]")


def test_both_languages_have_the_same_files() -> None:
    files = [{path.name for path in (FOLDER / one).glob("*.ftl")} for one in LANGUAGES]
    assert files[0] == files[1]


def test_both_languages_have_the_same_messages_in_the_same_files() -> None:
    placed = [{(word.file, key) for key, word in words(one).items()} for one in LANGUAGES]
    assert placed[0] == placed[1]


def test_both_languages_take_the_same_parameters() -> None:
    english = words("en")
    differing = {
        key: (sorted(word.params), sorted(english[key].params))
        for key, word in words("ru").items()
        if key in english and word.params != english[key].params
    }
    assert not differing


def test_every_text_that_is_said_exists() -> None:
    known = words("ru")
    missing = {
        (saying.key, saying.where)
        for saying in sayings() + page_sayings()
        if HOLE not in saying.key and saying.key not in known
    }
    assert not missing


def family(pattern: str) -> set[str]:
    """Return the keys of a family of texts that an f-string names."""
    values = FAMILIES[pattern]
    if values:
        return {pattern.replace(HOLE, value) for value in values}
    prefix = pattern.removesuffix(HOLE)
    return {key for key in words("ru") if key.startswith(prefix)}


def keys_of(key: str) -> set[str]:
    """Return what a key stands for: itself, or its family."""
    return family(key) if key in FAMILIES else {key}


def test_every_family_is_named_and_whole() -> None:
    known = words("ru")
    made = patterns(frozenset(key.split("-")[0] for key in known)) | page_patterns()
    unnamed = {pattern: where for pattern, where in made.items() if pattern not in FAMILIES}
    assert not unnamed, f"say in FAMILIES what the hole may be: {unnamed}"
    assert not FAMILIES.keys() - made.keys(), "nobody says these any more"
    assert not {key for pattern in made for key in family(pattern)} - known.keys()


def test_no_text_is_left_over() -> None:
    of_families = {key for pattern in FAMILIES for key in family(pattern)}
    said = constants() | page_constants() | of_families | SPOKEN_ELSEWHERE
    assert not words("ru").keys() - said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_can_fill_in_what_it_says(language: str) -> None:
    """It knows neither plurals nor choices: whatever it says is text with plain places in it."""
    said = {key for saying in page_sayings() for key in keys_of(saying.key)}
    assert not said - page_words(language).keys()


def test_every_text_gets_its_parameters() -> None:
    """Of a family every member gets them in one of the places that name the family."""
    known = words("ru")
    given: defaultdict[str, list[Saying]] = defaultdict(list)
    for saying in sayings() + page_sayings():
        if FAMILIES.get(saying.key) is not ANY:
            given[saying.key].append(saying)
    lacking = set()
    for said, places in given.items():
        for key in keys_of(said) & known.keys():
            short = [place.where for place in places if not suffices(place, known[key])]
            if len(short) == len(places) or (short and said not in FAMILIES):
                lacking.add((key, *short))
    assert not lacking


def suffices(saying: Saying, word: Word) -> bool:
    return saying.params is None or word.params <= saying.params


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_renders_in_both_forms_and_for_all_counts(language: str) -> None:
    texts = rendered(language)
    assert {key for key, _ in texts} == words(language).keys()
    assert not [key for key, text in texts if not text.strip() or "{" in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_carries_marks_of_direction(language: str) -> None:
    assert not [key for key, text in rendered(language) if ISOLATES.search(text)]


@pytest.mark.parametrize("key", PLURALS)
def test_a_noun_agrees_with_its_number(key: str) -> None:
    t, word = Texts(), words("ru")[key]
    for count, noun in zip(COUNTS, PLURALS[key], strict=True):
        params: dict[str, str | float] = dict.fromkeys(word.params, "5")
        said = t(key, **params | {"count": count})
        shown = str(count).replace(".", ",")
        assert re.search(rf"\b{shown} {noun}\b", said), said


def labels() -> dict[str, Word]:
    """Return the texts that stand on a button as they are, and those of the menu."""
    known = words("ru")
    on_buttons = {key for saying in sayings() if saying.on_button for key in keys_of(saying.key)}
    of_menu = {key for key in known if key.startswith("menu-")}
    return {key: known[key] for key in on_buttons | of_menu if key in known}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_fits_on_every_button(language: str) -> None:
    assert "day-button-mail" in labels()
    long = {
        (key, text)
        for key, text in rendered(language)
        if key in labels() and not 0 < len(text) <= LABEL_CHARS
    }
    assert not long


def test_nobody_is_told_whether_they_are_a_man_or_a_woman() -> None:
    found = {
        (key, match[0])
        for key, text in rendered("ru")
        if (match := GENDERED.search(NAMING.sub("", text)))
    }
    assert not found


def test_nobody_is_shamed() -> None:
    found = {(key, match[0]) for key, text in rendered("ru") if (match := UNKIND.search(text))}
    assert not found


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_shouted_at(language: str) -> None:
    assert not {(key, text) for key, text in rendered(language) if LOUD.search(text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_said_to_have_been_told(language: str) -> None:
    assert not {(key, text) for key, text in rendered(language) if CLAIMS.search(text)}


def test_marks_are_called_marks_in_every_comment_of_the_files_too() -> None:
    """«Отметка», never «оценка»: the word of the regulation."""
    files = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / "ru").glob("*.ftl")}
    assert not [name for name, text in files.items() if re.search(r"оценк|оценок", text)]
