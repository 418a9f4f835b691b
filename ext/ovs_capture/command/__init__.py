"""The command ``ovs-capture``: what the pages do, on a terminal. Does without Sphinx.

``line`` is the entrance; it knows the names of the subcommands and what each does. Each is a module
of its own, imported when it is the one that is named: ``--help`` and ``collect``, which runs on the
hosts of others, load no reader and no picture. A subcommand has two functions: ``declare(parser)``
says its arguments, ``run(options)`` does it and returns the exit status.

What they share: ``arguments``, ``captures`` and ``targets`` (what the arguments name), ``streams``
and ``files`` (where the answer goes). What an answer looks like: the ``*_text`` and ``*_json``
modules.
"""
