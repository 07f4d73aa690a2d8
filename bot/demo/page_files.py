"""The page's own files, as they lie in bot/demo/page/: no build, nothing from elsewhere."""

from http import HTTPStatus
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
INDEX = "index.html"
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {told}" for name, told in SOURCES.items()),
    "Permissions-Policy": "microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def routes() -> list[web.RouteDef]:
    """Give the routes of the page and of its files."""
    return [web.get("/", _index), web.get("/page/{name}", _file)]


async def _index(_request: web.Request) -> web.Response:
    return _served(INDEX)


async def _file(request: web.Request) -> web.Response:
    return _served(request.match_info["name"])


def _served(name: str) -> web.Response:
    """Serve a file that the folder lists by that very name, so that no name leads elsewhere."""
    found = next((path for path in FOLDER.iterdir() if path.name == name), None)
    if found is None or found.suffix not in TYPES:
        return web.json_response(
            {"error": "no such file"}, status=HTTPStatus.NOT_FOUND, headers=HEADERS
        )
    return web.Response(
        body=found.read_bytes(),
        content_type=TYPES[found.suffix],
        charset="utf-8",
        headers=HEADERS,
    )
