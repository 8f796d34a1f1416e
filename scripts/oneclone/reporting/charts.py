"""Charts as SVG, drawn without a browser."""

import re
from typing import Any

import altair as alt
import vl_convert

NOT_IN_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")  # control characters are refused at input
# A name may have them, but the renderer stops at them: it takes names into its expressions.
LINE_BREAKS = {0x2028: "\N{SYMBOL FOR NEWLINE}", 0x2029: "\N{PILCROW SIGN}"}


def chart_svg(chart: alt.LayerChart, font: str = "") -> str:
    """Return a chart as SVG; its texts are escaped by the renderer.

    Parameters
    ----------
    chart
        The chart.
    font
        Its font; nothing = that of the renderer.

    Examples
    --------
    >>> import pandas as pd
    >>> marks = alt.Chart(pd.DataFrame({"name": ["<b>"]})).mark_text().encode(text="name:N")
    >>> "<b>" in chart_svg(alt.LayerChart(layer=[marks]))
    False
    """
    # altair refuses tables of more than 5000 rows, which would be large in a web page; here they
    # become a picture. A heatmap of the 80 isolates that are shown has 6320.
    with alt.data_transformers.disable_max_rows():  # pyright: ignore[reportUnknownMemberType] (untyped in altair)
        drawn: str = chart.to_json(ensure_ascii=False)
    config: dict[str, Any] = {"font": font} if font else {}
    return vl_convert.vegalite_to_svg(printable(drawn), config=config)


def printable(text: str) -> str:
    r"""Return a text that every reader of SVG takes.

    Examples
    --------
    >>> printable("a\uffffb")
    'a\ufffdb'
    """
    return NOT_IN_XML.sub("\ufffd", text).translate(LINE_BREAKS)
