"""Figures as they stand in a document."""

from oneclone.validation.shares import Share

MINUS = "\N{MINUS SIGN}"


def percent(part: float, whole: float) -> str:
    """Return a share as a percentage with one decimal.

    Examples
    --------
    >>> percent(1, 3), percent(0, 0)
    ('33.3 %', 'no SNP')
    """
    return f"{100 * part / whole:.1f} %" if whole else "no SNP"


def share(value: float | None) -> str:
    """Return a fraction as a percentage, or that nobody told it."""
    return "not told" if value is None else f"{100 * value:.1f} %"


def pooled(missed: int, true: int) -> str:
    """Return missed SNPs of all true ones.

    Examples
    --------
    >>> pooled(3, 200)
    '3 of 200 (1.5 %)'
    """
    return f"{missed} of {true} ({percent(missed, true)})" if true else f"{missed} of 0"


def signed(value: float) -> str:
    """Return a signed figure with two decimals.

    Examples
    --------
    >>> signed(0.5), signed(0.0)
    ('+0.50', '0.00')
    """
    text = f"{abs(value):.2f}"
    if float(text) == 0:
        return text
    return ("+" if value > 0 else MINUS) + text


def times(value: float) -> str:
    """Return a ratio with two significant digits.

    Examples
    --------
    >>> times(0.123), times(2.345), times(12.3), times(123.4)
    ('0.12', '2.3', '12', '123')
    """
    if value >= 10:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def seconds(value: float) -> str:
    """Return seconds: whole ones from ten on, below with one decimal."""
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s"


def megabytes(value: float) -> str:
    """Return a memory size."""
    return f"{value:.0f} MB"


def bases(value: int | None) -> str:
    """Return a number of bases with its thousands apart.

    Examples
    --------
    >>> bases(4896578)
    '4 896 578'
    """
    return "not told" if value is None else f"{value:,}".replace(",", " ")


def rate(count: int, total: int) -> str:
    """Return a share with its denominator and its exact 95 % interval (Clopper and Pearson 1934).

    Examples
    --------
    >>> rate(0, 200), rate(1, 2), rate(0, 0)
    ('0 of 200 (0.0 %; 0.0 to 1.8 %)', '1 of 2 (50.0 %; 1.3 to 98.7 %)', '0 of 0')
    """
    return Share(count, total).words


def span(bounds: tuple[float, float]) -> str:
    """Return a range.

    Examples
    --------
    >>> span((2, 6)), span((2.5, 25.0))
    ('2 to 6', '2.5 to 25')
    """
    return f"{bounds[0]:g} to {bounds[1]:g}"
