"""The bot that a competent developer writes first: aiogram as its documentation shows it.

It keeps every message in SQLite, commits each one, and only then says that it has it.
"""

import asyncio
from pathlib import Path

import aiosqlite
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

DISK_SECONDS = 0.05
"""What a write costs on a school's busy server."""

TABLE = "CREATE TABLE IF NOT EXISTS works (id INTEGER PRIMARY KEY, message INTEGER, text TEXT)"


async def keep(message: Message, database: aiosqlite.Connection) -> None:
    """Keep a message and confirm it."""
    await database.execute(
        "INSERT INTO works (message, text) VALUES (?, ?)", (message.message_id, message.text)
    )
    await asyncio.sleep(DISK_SECONDS)
    await database.commit()
    await message.answer(f"Принято: {message.text}")


async def serve(token: str, url: str, path: Path) -> None:
    """Poll as the documentation shows it."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with aiosqlite.connect(path) as database, Bot(token, session=session) as bot:
        await database.execute(TABLE)
        await database.commit()
        dispatcher = Dispatcher()
        dispatcher.message.register(keep)
        await dispatcher.start_polling(bot, database=database)
