"""The survey workbook: made for officials to fill in, checked cell by cell, taken into a bundle.

Imports `bundle` (what a table must hold) and `standards`.
"""

from lifecircle.engine.bundle.survey.checking import Checked, check_workbook
from lifecircle.engine.bundle.survey.importing import import_workbook
from lifecircle.engine.bundle.survey.template import write_template

__all__ = ["Checked", "check_workbook", "import_workbook", "write_template"]
