"""Cameras that speak RTSP/1.0: addresses, probing, and the words for what went wrong."""
