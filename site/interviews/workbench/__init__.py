"""The workbench: where an editor makes excerpts of an interview.

The page, and the JSON it talks to the server with.
"""
