"""GET /control/files/{id}: a kept file for looking at and listening to, whole or a part of it."""

import re
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.control.desk import Desk
from bot.sandbox.nouns import StoredFile
from bot.sandbox.world import UnknownError

MIME = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
ANY_MIME = "application/octet-stream"
SHOWN = re.compile(r"(image/(?!svg).*|audio/.*|video/.*|text/plain|application/pdf)")
"""What a browser may show in a tab; the rest (a page with scripts, say) is for saving."""
ALWAYS = {
    # The ids are opaque and what stands behind one never changes.
    "Cache-Control": "private, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
}


async def file(desk: Desk, request: web.Request) -> web.StreamResponse:
    """GET /control/files/{id}: the bytes, with 206 the ones that `Range` asks for."""
    kept = desk.world.file(request.match_info["id"])
    if kept is None:
        raise UnknownError("no such file")
    headers = ALWAYS | _described(kept)
    part = _part(request, kept.size)
    if part is not None and part.start >= part.stop:
        headers["Content-Range"] = f"bytes */{kept.size}"
        status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        return web.Response(status=status, headers=headers)
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{kept.size}"
    whole = range(kept.size)
    status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
    return await _give(
        request, kept, part or whole, web.StreamResponse(status=status, headers=headers)
    )


async def _give(
    request: web.Request, kept: StoredFile, part: range, response: web.StreamResponse
) -> web.StreamResponse:
    response.content_length = len(part)
    await response.prepare(request)
    for chunk in kept.chunks(part.start, part.stop):
        await response.write(chunk)
    await response.write_eof()
    return response


def _part(request: web.Request, size: int) -> range | None:
    """Read which part is asked for; a Range that nobody understands asks for everything."""
    try:
        asked = request.http_range
    except ValueError:
        return None
    if asked.start is None and asked.stop is None:
        return None
    start, stop, _ = asked.indices(size)
    return range(start, stop)


def _described(kept: StoredFile) -> dict[str, str]:
    """Say what the file is; of its name and type, which people chose, nothing is believed."""
    mime = kept.mime.partition(";")[0].strip().lower()
    mime = mime if MIME.fullmatch(mime) else ANY_MIME
    how = "inline" if SHOWN.fullmatch(mime) else "attachment"
    name = quote(kept.name or "file", safe="", errors="replace")
    return {"Content-Type": mime, "Content-Disposition": f"{how}; filename*=UTF-8''{name}"}
