"""The bar code of a slip: Code 128, set C (ISO/IEC 15417), two digits to a symbol, drawn as SVG."""

# Widths of bars and gaps, in turn, of each of the 106 symbols; then the stop symbol.
WIDTHS_TEXT = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
"""
WIDTHS = tuple(WIDTHS_TEXT.split())
STOP = "2331112"
START_C = 105
QUIET = 10
HEIGHT = 60


def symbols(digits: str) -> list[int]:
    """The symbols for an even number of digits: start, pairs, check symbol."""
    if len(digits) % 2 or not digits.isdecimal():
        raise ValueError("set C takes pairs of digits")
    pairs = [int(digits[i : i + 2]) for i in range(0, len(digits), 2)]
    check = (START_C + sum(place * pair for place, pair in enumerate(pairs, 1))) % 103
    return [START_C, *pairs, check]


def svg(digits: str) -> bytes:
    """The bar code as a picture, black on white whatever the page's colours, so that a till can read it."""
    widths = "".join(WIDTHS[symbol] for symbol in symbols(digits)) + STOP
    bars, x = [], QUIET
    for index, width in enumerate(map(int, widths)):
        if index % 2 == 0:
            bars.append(f'<rect x="{x}" width="{width}" height="{HEIGHT}"/>')
        x += width
    whole = x + QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {HEIGHT}" '
        f'preserveAspectRatio="none" shape-rendering="crispEdges">'
        f'<rect width="{whole}" height="{HEIGHT}" fill="#fff"/>{"".join(bars)}</svg>'
    ).encode()
