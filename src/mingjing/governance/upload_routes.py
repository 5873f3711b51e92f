"""How a route takes a file: as the body of a request, bounded while it is read."""

from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import AfterValidator
from starlette.requests import Request

from mingjing.governance.submission.errors import DOCUMENT_TOO_LARGE
from mingjing.governance.uploads import MOST_BYTES, TAKEN
from mingjing.kernel.errors import MingjingError
from mingjing.kernel.text import line

BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TAKEN},
    }
}
"""How a route describes it."""


FileName = Annotated[str, Query(min_length=1, max_length=100, examples=["竣工图.pdf"]), AfterValidator(line)]
"""What a file was called where it came from."""


async def uploaded(request: Request) -> bytes:
    """The body. Raises SUB-002."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BYTES:
            raise MingjingError(DOCUMENT_TOO_LARGE, most=MOST_BYTES >> 20)
    return bytes(content)
