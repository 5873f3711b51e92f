"""The console's files: assets by name, and the page for every other address."""

from importlib import resources
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, HTMLResponse, Response

from mingjing.identity.access import public
from mingjing.kernel.errors import NOT_FOUND, MingjingError

_ABSENT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>明镜</title>
<h1>明镜 Mingjing</h1>
<p>控制台尚未构建。请在源码目录运行 <code>make build</code>，或安装发布的 wheel。</p>
<p lang="en">The console has not been built. Run <code>make build</code> in the source tree, or install a release.</p>
"""


def router() -> APIRouter:
    """Routes of the console. They come last: an API address that does not exist is a problem, not a page."""
    routes = APIRouter(include_in_schema=False)
    root = Path(str(resources.files("mingjing.web") / "static"))
    # Listed once: what is not in the list is not served, whatever the path spells.
    files = (
        {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
        if root.is_dir()
        else {}
    )

    @routes.get("/{path:path}", dependencies=[public("the console's own files hold no data")])
    def page(path: str) -> Response:
        found = files.get(path)
        if found is not None and path != "index.html":
            return FileResponse(found)
        if path.startswith("api/") or path.startswith("assets/"):
            raise MingjingError(NOT_FOUND)
        index = files.get("index.html")
        return FileResponse(index) if index is not None else HTMLResponse(_ABSENT, status_code=503)

    return routes
