"""Tables of results: as text, for notebooks, for papers, as frames."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Format = Literal["text", "markdown", "latex", "csv"]


@dataclass(frozen=True)
class Table:
    """Columns under names, a name a row; numbers are shown to `digits` places, or as the word that stands for them."""

    title: str
    index: Sequence[str]
    columns: Mapping[str, Sequence[Any]]
    index_name: str = ""
    digits: int = 3
    notes: Sequence[str] = field(default=())
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def frame(self) -> Any:
        """The same as a pandas frame; needs pandas."""
        import pandas as pd

        return pd.DataFrame(self.columns, index=pd.Index(list(self.index), name=self.index_name or None))

    def text(self, format: Format = "text") -> str:
        """The table for people, or in the language of a paper."""
        written = {"text": self._plain, "markdown": self._markdown, "latex": self._latex, "csv": self._csv}
        if format not in written:
            raise ValueError(f"format must be one of {', '.join(map(repr, written))}, not {format!r}")
        return written[format]()

    def html(self) -> str:
        """A table for notebooks."""
        head, *rows = self._cells()
        cells = "".join(f"<th scope='col'>{html.escape(name)}</th>" for name in head)
        body = "".join(
            f"<tr><th scope='row' style='text-align:left'>{html.escape(row[0])}</th>"
            + "".join(f"<td style='text-align:right'>{html.escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in rows
        )
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return (
            "<table class='mixbern' style='font-variant-numeric:tabular-nums'>"
            f"{self._caption()}<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>{notes}"
        )

    def _caption(self) -> str:
        style = "text-align:left;white-space:nowrap"
        return f"<caption style='{style}'>{html.escape(self.title)}</caption>" if self.title else ""

    def _cells(self) -> list[list[str]]:
        rows = [[self.index_name, *self.columns]]
        for at, name in enumerate(self.index):
            rows.append([name, *(self._word(column, at) or self._cell(values[at]) for column, values in self.columns.items())])
        return rows

    def _word(self, column: str, at: int) -> str:
        return self.words[column][at] if column in self.words else ""

    def _cell(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if value is None or math.isnan(value):
            return ""
        return f"{value:,}" if isinstance(value, int) else f"{value:,.{self.digits}f}"

    def _plain(self) -> str:
        rows = self._cells()
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = [
            "  ".join(cell.rjust(width) if at else cell.ljust(width) for at, (cell, width) in enumerate(zip(row, widths)))
            for row in rows
        ]
        return "\n".join([self.title, *(line.rstrip() for line in lines), *self.notes])

    def _markdown(self) -> str:
        lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in self._cells()]
        lines.insert(1, "|---" + "|---:" * len(self.columns) + "|")
        return "\n".join([*lines, *(f"\n{note}" for note in self.notes)]) + "\n"

    def _latex(self) -> str:
        head, *rows = [" & ".join(map(_escaped, row)) + r" \\" for row in self._cells()]
        lines = ["% \\usepackage{booktabs}", "\\begin{tabular}{l" + "r" * len(self.columns) + "}", "\\toprule", head]
        return "\n".join([*lines, "\\midrule", *rows, "\\bottomrule", "\\end{tabular}", *(f"% {n}" for n in self.notes)]) + "\n"

    def _csv(self) -> str:
        """Names as text, numbers in full."""
        rows = [",".join(map(_quoted, [self.index_name, *self.columns]))]
        for at, name in enumerate(self.index):
            rows.append(",".join([_quoted(name), *(_number(column[at]) for column in self.columns.values())]))
        return "".join(row + "\n" for row in rows)


def _escaped(text: str) -> str:
    signs = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(signs.get(sign, "\\" + sign if sign in "&%$#_{}" else sign) for sign in text)


def _quoted(text: str) -> str:
    """A cell of CSV. A spreadsheet would run what begins like a formula; behind an apostrophe it is text."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def _number(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return "" if value is None or math.isnan(value) else str(value)


class Face:
    """What every result shows of itself: its table as text, as HTML, as a frame, for a paper."""

    def _shown(self) -> Table:
        raise NotImplementedError

    def __repr__(self) -> str:
        return self._shown().text()

    def _repr_html_(self) -> str:
        return self._shown().html()

    def to_frame(self) -> Any:
        """Return the same as a pandas frame; needs pandas."""
        return self._shown().frame()

    def table(self, format: Format = "text") -> str:
        """Return the table as text.

        Parameters
        ----------
        format : {"text", "markdown", "latex", "csv"}, default="text"
        """
        return self._shown().text(format)


class FaceOf(Face):
    """A face for what the library found, whose parts are its own."""

    def __init__(self, found: Any, table: Table) -> None:
        self._found = found
        self._table = table

    def _shown(self) -> Table:
        return self._table

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._found, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in dir(self._found) if not name.startswith("_"))]
