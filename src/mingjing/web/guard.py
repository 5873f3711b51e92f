"""What every request passes before it is routed: size, origin, and what every answer carries."""

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mingjing.kernel.errors import MingjingError, define
from mingjing.web.problems import MEDIA_TYPE, problem

JSON_MOST_BYTES = 1 << 20
UPLOAD_MOST_BYTES = 20 << 20
UPLOADS = ("/import", "/import/faults", "/imports", "/sign/photo", "/documents", "/files")
"""How addresses end that take a file."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_STARTS = frozenset({"http.response.start", "websocket.http.response.start"})

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
"""Headers of every answer, whatever it is."""

CONTENTLESS = ALWAYS | {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""Headers of what is answered before there is a request to look at."""

SECURE = {"Strict-Transport-Security": "max-age=31536000"}
"""Header of every answer where the console is served over HTTPS."""

TOO_LARGE = define(
    "REQ-413",
    413,
    title=("内容过大", "Too large"),
    detail=("请求内容超过 {most} 字节。", "The request is larger than {most} bytes."),
    remedy=("请减小内容或分批提交。", "Make it smaller, or send it in parts."),
)
STRANGE_ORIGIN = define(
    "REQ-403",
    403,
    title=("来源不被接受", "The origin is not accepted"),
    detail=(
        "此请求来自其他网站的页面，已拒绝。",
        "This request comes from a page of another site and was refused.",
    ),
    remedy=("请直接打开本系统的页面操作。", "Open this system's own page and act there."),
)
STRANGE_HOST = define(
    "REQ-421",
    421,
    title=("主机名不被接受", "The host name is not accepted"),
    detail=(
        "本系统不以此主机名提供服务。",
        "This system is not served under this host name.",
    ),
    remedy=(
        "请用 IP 地址打开；若应使用域名，请系统管理员把它写入 server.public_origins，例如 https://video.example.cn。",
        "Open it by its IP address; if the name is right, have the system administrator enter it in "
        "server.public_origins, such as https://video.example.cn.",
    ),
)


class Guard:
    """Around the whole program: bounds bodies, refuses strangers' pages and names, and sets the headers of every answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        media_sources: Callable[[str], tuple[str, ...]],
        map_sources: Sequence[str] = (),
        secure: bool,
        origins: Sequence[str] = (),
    ) -> None:
        """`media_sources(host)` gives the origins of the media plane for CSP, as this browser reaches it;
        `map_sources` are those of the base map, `origins` those of the console's own pages."""
        self._app = app
        self._media_sources = media_sources
        self._map_sources = tuple(map_sources)
        self._secure = secure
        self._origins = frozenset(one.lower() for one in origins)
        self._names = frozenset({"localhost", *(urlsplit(one).hostname or "" for one in origins)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("host", "")):
            await self._refuse(scope, receive, send, MingjingError(STRANGE_HOST))
            return
        if self._foreign(scope, headers):
            await self._refuse(scope, receive, send, MingjingError(STRANGE_ORIGIN))
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, self._dressed(scope, headers, send))
            return
        most = UPLOAD_MOST_BYTES if scope["path"].endswith(UPLOADS) else JSON_MOST_BYTES
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            await self._refuse(scope, receive, send, MingjingError(TOO_LARGE, most=most))
            return
        await self._app(scope, _bounded(receive, most), self._dressed(scope, headers, send))

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, error: MingjingError) -> None:
        body = problem(error, scope["path"])
        answer = JSONResponse(body.model_dump(), status_code=body.status, media_type=MEDIA_TYPE)
        await answer(scope, receive, self._dressed(scope, Headers(scope=scope), send))

    def _is_ours(self, host: str) -> bool:
        """Whether a browser that asked for `host` can have meant us: by address, or by a name that is ours.

        A page of a stranger can point its own name at us (DNS rebinding); it cannot make the browser name an
        address, nor a name of ours.
        """
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._names or _is_address(name)

    def _foreign(self, scope: Scope, headers: Headers) -> bool:
        """Whether a page of another site sent this: by Sec-Fetch-Site, and by Origin for writes and sockets."""
        writes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"} and (
            writes or headers.get("sec-fetch-mode") != "navigate"
        ):
            return True
        origin = headers.get("origin")
        if not writes or origin is None:
            return False
        scheme = "https" if self._secure else "http"
        own = f"{scheme}://{headers.get('host', '')}"
        return origin.lower() != own.lower() and origin.lower() not in self._origins

    def _dressed(self, scope: Scope, headers: Headers, send: Send) -> Callable[[Message], Awaitable[None]]:
        accepted = False

        async def dressed(message: Message) -> None:
            nonlocal accepted
            accepted = accepted or message["type"] == "websocket.accept"
            if message["type"] == "websocket.close" and not accepted:
                # The server would answer a bare 403.
                start = {"type": "websocket.http.response.start", "status": 403, "headers": []}
                self._dress(scope, headers, start)
                await send(start)
                await send({"type": "websocket.http.response.body", "body": b""})
                return
            if message["type"] in _STARTS:
                self._dress(scope, headers, message)
            await send(message)

        return dressed

    def _dress(self, scope: Scope, headers: Headers, message: MutableMapping[str, Any]) -> None:
        out = MutableHeaders(raw=message["headers"])
        media = " ".join(self._media_sources(headers.get("host", "")))
        maps = " ".join(["", *self._map_sources])
        out.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
            f"img-src 'self' data: blob: {media}{maps}; media-src 'self' blob: {media}; font-src 'self'; "
            f"connect-src 'self' {media}{maps}; worker-src 'self' blob:; manifest-src 'self'; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        )
        out.update(ALWAYS)
        if self._secure:
            out.update(SECURE)
        if scope["path"].startswith("/assets/") and message["status"] < 400:
            out.setdefault("Cache-Control", "public, max-age=31536000, immutable")
        else:
            out.setdefault("Cache-Control", "no-store")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _bounded(receive: Receive, most: int) -> Receive:
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > most:
                raise MingjingError(TOO_LARGE, most=most)
        return message

    return bounded
