from collections.abc import Iterator
from typing import TextIO

def SimpleFastaParser(handle: TextIO) -> Iterator[tuple[str, str]]: ...
