"""Pages: directives, nodes, the domain and the looks. The only room that imports Sphinx.

``extension`` is the entrance. ``directives`` ask the ``library`` for captures and make a view of
them (``view``) when a page is read; ``nodes`` has it written when the page is written. Between the
two it is pickled with the page. ``capture``, ``flows``, ``trace``, ``pictures`` and ``diff`` each
make one kind of view (``page``, ``view``, ``annotate``) and write it (``html``, ``plain``).
"""
