"""Elections in the Pabulib ``.pb`` format (https://pabulib.org/format), read and written.

Faliszewski and others, "Participatory Budgeting: Data, Tools and Analysis", IJCAI 2023, describe the format.
"""

from allocation.pabulib.errors import PabulibError
from allocation.pabulib.reading import read_pabulib
from allocation.pabulib.sources import LARGEST_FILE
from allocation.pabulib.writing import write_pabulib

__all__ = ["LARGEST_FILE", "PabulibError", "read_pabulib", "write_pabulib"]
