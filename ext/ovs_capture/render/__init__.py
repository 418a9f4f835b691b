"""Pages: directives, nodes, the domain and the looks. The only room that imports Sphinx.

Views are made when a page is read (``annotate``, ``picture``, ``flows_page``) and written when it
is written (``nodes``); between the two they are pickled with the page. ``extension`` is the
entrance. What the command uses too does without Sphinx: ``translation``, ``dumps``, ``changes``.
"""
