"""An RTSP server that is not ours: GStreamer's, with synthetic pictures and sound.

Prints the port that it chose, then serves until its standard input ends:
/h264, /h264-b (B frames), /h265 (video only), /h264-aac, /h264-pcma, /h264-pcmu;
with `--auth basic|digest` it wants admin/secret.
Run by the integration tests with the system's Python, which has the bindings.
"""

import argparse
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! "
H264 = PICTURE + "x264enc tune=zerolatency key-int-max=25 bitrate=400 ! rtph264pay name=pay0 pt=96 mtu=800"
H264B = (
    PICTURE
    + "x264enc bframes=2 b-adapt=false key-int-max=25 speed-preset=veryfast ! video/x-h264,profile=high ! "
    + "rtph264pay name=pay0 pt=96"
)
H265 = PICTURE + "x265enc tune=zerolatency key-int-max=25 bitrate=400 ! rtph265pay name=pay0 pt=96 mtu=800"
SOUND = "audiotestsrc is-live=true ! audio/x-raw,rate={rate},channels=1 ! "
PATHS = {
    "/h264": H264,
    "/h264-b": H264B,
    "/h265": H265,
    "/h264-aac": H264 + " " + SOUND.format(rate=48000) + "voaacenc ! rtpmp4gpay name=pay1 pt=97",
    "/h264-pcma": H264 + " " + SOUND.format(rate=8000) + "alawenc ! rtppcmapay name=pay1 pt=8",
    "/h264-pcmu": H264 + " " + SOUND.format(rate=8000) + "mulawenc ! rtppcmupay name=pay1 pt=0",
}


def protect(server, kind):
    """Wants a password, by Basic or by Digest."""
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    if kind == "digest":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest("admin", "secret", token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic("admin", "secret"), token)
    server.set_auth(auth)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--auth", choices=["basic", "digest"])
    arguments = parser.parse_args()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    mounts = server.get_mount_points()
    for path, pipeline in PATHS.items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f"( {pipeline} )")
        factory.set_shared(True)
        if arguments.auth:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("user", "media.factory.access", True)
            permissions.add_permission_for_role("user", "media.factory.construct", True)
            factory.set_permissions(permissions)
        mounts.add_factory(path, factory)
    if arguments.auth:
        protect(server, arguments.auth)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main()
