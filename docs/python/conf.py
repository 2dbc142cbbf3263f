"""Sphinx: the user guide and reference of the Python package. `./dev docs` builds it."""

import os
import warnings

import mixbern

project = "mixbern"
author = "The mixbern developers"
release = mixbern.__version__
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
]
nitpicky = False
html_theme = "furo"
html_title = f"mixbern {release}"
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
exclude_patterns = ["README.md"]
autosummary_generate = True
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_validation_checks = {"PR01", "PR02", "PR03", "SS03", "GL03"}
# What select and relate return is never made by hand.
numpydoc_validation_exclude = {r"mixbern\.(Selection|Relations)$"}
sphinx_gallery_conf = {
    "examples_dirs": os.path.join(os.environ["MIXBERN_SOURCE_DIR"], "examples/python"),
    "gallery_dirs": "examples",
    "filename_pattern": r"/(plot_|moved_)",
    "ignore_pattern": r"__init__",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "show_memory": False,
    "write_computation_times": False,
    "min_reported_time": 10**6,
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("matplotlib",),
    # A display is its picture.
    "ignore_repr_types": r"mixbern\.plots",
}
# A warning in an example is a mistake in it.
warnings.filterwarnings("error", module="mixbern")
