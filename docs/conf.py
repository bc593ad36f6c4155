"""How the documentation is built: `sphinx-build -W docs docs/_build`."""

from pygments.lexers import JsonLexer, TextLexer
from sphinx.application import Sphinx

import partnerleads

project = "partnerleads"
author = "partnerleads contributors"
project_copyright = "partnerleads contributors"
version = release = partnerleads.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "examples"]  # an example is a package, with its own README
html_theme = "furo"
html_title = f"partnerleads {version}"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True

napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = [("Source", "notes_style")]


def setup(app: Sphinx) -> None:
    """Name the two languages that the highlighter does not know."""
    app.add_lexer("jsonl", JsonLexer)
    app.add_lexer("csv", TextLexer)
