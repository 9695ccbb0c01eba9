"""What an exercise's cell needs of its chapter, so that it can be answered though no cell above it has run.

The chapter offers its first cell, and the imports, functions and classes of the others; of these, only those statements
run that define what the reader's code uses and what is not there yet.
"""

import ast

DEFINES = ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom
TRAINS = {"keras", "tensorflow"}  # no browser runs them, nor what uses their names


def offered(cells: list[str]) -> str:
    """What the cells of a chapter offer its exercises."""
    first, *more = [ast.parse(cell).body for cell in cells]
    kept, lost = [], set()
    for one in [*first, *(one for body in more for one in body if isinstance(one, DEFINES))]:
        if modules_of(one) & TRAINS or uses(one) & lost:
            lost |= names_of(one)
        elif names_of(one):
            kept.append(ast.unparse(one))
    return "\n".join(kept)


def picked(offer: str, source: str, known: set[str]) -> str:
    """The statements of an offer that define what a source uses, but for the names that are known.

    A source that is no Python needs none: its own error is what its reader has to see.
    """
    try:
        used = uses(ast.parse(source))
    except SyntaxError:
        return ""
    statements, taken = ast.parse(offer).body, set()
    homes = {name: k for k, one in enumerate(statements) for name in names_of(one)}  # what stands last counts
    coming = used - known
    while coming:
        k = homes.get(coming.pop())
        if k is not None and k not in taken:
            taken.add(k)
            coming |= uses(statements[k]) - known
    return "\n".join(ast.unparse(statements[k]) for k in sorted(taken))


def uses(tree: ast.AST) -> set[str]:
    """The names in a text, but for the functions that it defines and what they are given."""
    nodes = [*ast.walk(tree)]
    given = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - given - own


def names_of(statement: ast.stmt) -> set[str]:
    """The names that a statement defines; none where it does something else."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, DEFINES):
        return {statement.name}
    if isinstance(statement, ast.Assign):
        return {node.id for target in statement.targets for node in ast.walk(target)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return set()


def modules_of(statement: ast.stmt) -> set[str]:
    """The packages that a statement imports from."""
    if isinstance(statement, ast.ImportFrom):
        return {(statement.module or "").split(".")[0]}
    return {alias.name.split(".")[0] for alias in statement.names} if isinstance(statement, ast.Import) else set()
