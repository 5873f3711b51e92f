"""Python face of the media plane: nodes, typed models, tickets, the event pump, decoding workers.

It knows streams by id, never cameras, users or the database; domains hand specs in and take events out.
"""
