"""Tables in Markdown."""

from . import goals


def goal_table(title, measures, compared):
    rows = []
    for sentence, ratios, bound in compared:
        cells = [times(ratios[measure]) if measure in ratios else "" for measure in measures]
        rows.append([sentence, *cells, goals.verdict(ratios, bound, measures)])
    return table([title, *measures.values(), "verdict"], rows)


def times(ratio):
    if ratio is None:
        return "–"
    digits = 1 if ratio >= 10 else 2 if ratio >= 0.1 else 3
    return f"{ratio:.{digits}f}"


def table(head, rows):
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
