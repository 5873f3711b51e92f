"""Decoding in child processes: memory, time and file size limited, pipe in and out, killed at time-out.

A picture that crashes a decoder costs a picture. Nothing of a request ever stands in the child's arguments.
"""
