"""Runs the notebooks of the Python package from the first cell to the last, and looks at what they show."""

from pathlib import Path

import nbclient
import nbformat

NOTEBOOKS = Path(__file__).parents[2] / "crates/python/notebooks"


def shown(cell):
    """Returns the kinds of output that a cell has."""
    return {kind for output in cell.outputs for kind in output.get("data", {})}


for path in sorted(NOTEBOOKS.glob("*.ipynb")):
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    boards = [cell for cell in cells if "board()" in cell.source]
    assert boards and all("image/svg+xml" in shown(cell) for cell in boards), path.name
    assert all(shown(cell) for cell in cells), path.name
    print(f"{path.name}: {len(cells)} cells")
