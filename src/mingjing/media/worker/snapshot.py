"""One picture out of a small fMP4, as JPEG. Runs in the child only."""

import io

import av
from PIL import Image

PIXELS_MOST = 50_000_000


def jpeg(content: bytes, at_us: int | None, width: int | None) -> bytes:
    """The picture of `content` at or before `at_us` on its own time line (None: the first), scaled to `width`.

    Raises ValueError where there is none, or it is larger than 50 megapixels.
    """
    chosen: av.VideoFrame | None = None
    with av.open(io.BytesIO(content), mode="r") as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        if stream.codec_context.width * stream.codec_context.height > PIXELS_MOST:
            raise ValueError("the picture is too large")
        for frame in container.decode(stream):
            late = at_us is not None and frame.time is not None and int(frame.time * 1_000_000) > at_us
            if chosen is not None and late:
                break
            chosen = frame
            if at_us is None:
                break
    if chosen is None:
        raise ValueError("there is no picture")
    image: Image.Image = chosen.to_image()  # type: ignore[no-untyped-call]
    if width is not None and width < image.width:
        image = image.resize((width, max(1, round(image.height * width / image.width))))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
