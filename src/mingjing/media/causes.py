"""Names that the media plane gives to legs, states and causes. `media/src/event.rs` is the referee."""

from enum import StrEnum


class Leg(StrEnum):
    """The nine legs between an address and a stored fragment, in order."""

    RESOLVED = "resolved"
    CONNECTED = "connected"
    AUTHENTICATED = "authenticated"
    DESCRIBED = "described"
    SET_UP = "set_up"
    FIRST_PACKET = "first_packet"
    FIRST_KEY_FRAME = "first_key_frame"
    DECODABLE = "decodable"
    WRITTEN = "written"


class LegState(StrEnum):
    OK = "ok"
    FAILED = "failed"
    WAITING = "waiting"
    NOT_REACHED = "not_reached"


class StreamState(StrEnum):
    IDLE = "idle"
    OPENING = "opening"
    PLAYING = "playing"
    RETRYING = "retrying"
    CLOSED = "closed"


class Cause(StrEnum):
    """Why a leg failed or a stream is down."""

    NAME_UNKNOWN = "name_unknown"
    ADDRESS_REFUSED = "address_refused"
    UNREACHABLE = "unreachable"
    CONNECTION_REFUSED = "connection_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    NOT_RTSP = "not_rtsp"
    AUTHENTICATION_MISSING = "authentication_missing"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  a name of a cause
    AUTHENTICATION_UNSUPPORTED = "authentication_unsupported"
    BASIC_REFUSED = "basic_refused"
    FORBIDDEN = "forbidden"
    PATH_UNKNOWN = "path_unknown"
    REDIRECTED = "redirected"
    SESSION_LIMIT = "session_limit"
    SERVER_ERROR = "server_error"
    NO_ANSWER = "no_answer"
    BAD_DESCRIPTION = "bad_description"
    NO_VIDEO_TRACK = "no_video_track"
    UNSUPPORTED_CODEC = "unsupported_codec"
    TRANSPORT_REFUSED = "transport_refused"
    NO_PACKETS = "no_packets"
    NO_VIDEO_PACKETS = "no_video_packets"
    NO_KEY_FRAME = "no_key_frame"
    NO_PARAMETER_SETS = "no_parameter_sets"
    UNDECODABLE = "undecodable"
    SILENT = "silent"
    CLOSED_BY_CAMERA = "closed_by_camera"
    CONNECTION_RESET = "connection_reset"
    PROTOCOL_ERROR = "protocol_error"
    DISK_FULL = "disk_full"
    DISK_FAULT = "disk_fault"
    WRITE_OVERLOAD = "write_overload"
    STOPPED = "stopped"
