"""The map on the landing page and the tables of chapters, without the chapters that a book leaves out."""

import re

from docutils import nodes

AFTER = re.compile(r" · after ((?:\d+|, | and )+)$")
NEEDED = re.compile(r"^((?:\d+|, )+)$")


def of_these(numbers: str, left_out: set[int]) -> str:
    """A list of chapters, such as "2 and 7", without those that are left out."""
    kept = [number for number in re.findall(r"\d+", numbers) if int(number) not in left_out]
    return (" and " if "and" in numbers else ", ").join(kept)


def replace(text: nodes.Text, new: str) -> None:
    text.parent.replace(text, nodes.Text(new))


def shorten_map(document: nodes.document, left_out: set[int]) -> None:
    """Take chapters out of the map; a part that has lost all of them goes, and the words that led to it."""
    before = None
    for part in [node for node in document.findall(nodes.container) if "part" in node["classes"]]:
        for chapters in list(part.findall(nodes.enumerated_list)):
            shorten_list(chapters, left_out)
        if next(part.findall(nodes.enumerated_list), None):
            before = part
            continue
        part.parent.remove(part)
        if before is not None and isinstance(before[-1], nodes.paragraph):
            before.remove(before[-1])


def shorten_list(chapters: nodes.enumerated_list, left_out: set[int]) -> None:
    """Keep the chapters that are in the book, with their numbers, and of what each comes after the same."""
    for number, item in enumerate(list(chapters), chapters.get("start", 1)):
        item["value"] = number
        if number in left_out:
            chapters.remove(item)
        for told in item.findall(nodes.emphasis):
            kept = AFTER.sub(lambda found: f" · after {these}" if (these := of_these(found[1], left_out)) else "",
                             told.astext())
            told.children = [nodes.Text(kept)]
    if not len(chapters):
        chapters.parent.remove(chapters)


def shorten_table(table: nodes.table, left_out: set[int]) -> None:
    """Take left-out chapters from a table of chapters: their rows, and their numbers where it says what is needed."""
    heads = [entry.astext() for head in table.findall(nodes.thead) for entry in head.findall(nodes.entry)]
    if heads[:1] != ["chapter"]:
        return
    for row in list(next(table.findall(nodes.tbody))):
        number = re.match(r"\d+", row[0].astext())
        if number and int(number[0]) in left_out:
            row.parent.remove(row)
        elif "of the course" in heads:
            for text in list(row[heads.index("of the course")].findall(nodes.Text)):
                replace(text, NEEDED.sub(lambda found: of_these(found[1], left_out), text.astext()))


def visit_item(translator, node):
    """A line of the map says its number where those before it are missing."""
    type(translator).visit_list_item(translator, node)
    if "value" in node:
        translator.body[-1] = translator.body[-1].replace("<li", f'<li value="{node["value"]}"', 1)


def depart_item(translator, node):
    type(translator).depart_list_item(translator, node)
