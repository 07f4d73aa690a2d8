"""Asks the host as the page does."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession
from multidict import CIMultiDictProxy
from yarl import URL


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: CIMultiDictProxy[str]
    body: Any


class Page:
    """A tab."""

    def __init__(self, session: ClientSession) -> None:
        self.session = session

    async def gets(self, path: str, **query: str) -> Any:
        """Get what must be there."""
        answer = await self.asks("GET", path, params=query)
        assert answer.status == 200, answer.body
        return answer.body

    async def posts(self, path: str, body: object) -> Answer:
        """Post JSON."""
        return await self.asks("POST", path, json=body)

    async def asks(self, method: str, path: str, **more: Any) -> Answer:
        """Ask for a path as it is written, dots and all."""
        url = URL(path, encoded=True)
        async with self.session.request(method, url, **more) as answer:
            is_json = answer.content_type == "application/json"
            body = await answer.json() if is_json else await answer.text()
            return Answer(answer.status, answer.headers, body)
