"""The settings, with their names in the environment and their defaults. The command line wins over the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from search.public_url import PublicUrl, read_public_url

Address: TypeAlias = Path | str
"""Where a collection is: a folder, or a URL; see `search.addresses`."""

DEFAULT_INDEX = Path("index_data") / "index"
DEFAULT_WRITER_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set.

    Args:
        index: XIESOU_INDEX, the index directory, or the URL of a collection on a cluster.
        user_dictionary: XIESOU_DICTIONARY, a file of words, one "word frequency" a line; the index must be built with
            the same.
        public_url: XIESOU_PUBLIC_URL, the address of the home page for readers.
        writer_bytes: XIESOU_WRITER_MB (in MB), the memory that the writer may use to gather and merge.
    """

    index: Address = DEFAULT_INDEX
    user_dictionary: Path | None = None
    writer_bytes: int = DEFAULT_WRITER_BYTES
    public_url: PublicUrl | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings that the environment makes.

        Raises:
            ValueError: XIESOU_WRITER_MB is no number, or XIESOU_PUBLIC_URL no address.
        """
        env = os.environ if environment is None else environment
        dictionary = env.get("XIESOU_DICTIONARY")
        megabytes = env.get("XIESOU_WRITER_MB")
        return cls(
            index=read_index(env.get("XIESOU_INDEX") or str(DEFAULT_INDEX)),
            user_dictionary=Path(dictionary) if dictionary else None,
            writer_bytes=int(megabytes) * 1024 * 1024 if megabytes else DEFAULT_WRITER_BYTES,
            public_url=read_public_url(env["XIESOU_PUBLIC_URL"]) if env.get("XIESOU_PUBLIC_URL") else None,
        )


def read_index(written: str) -> Address:
    """An address as it was written: a URL stays as it is, anything else is a folder."""
    return written if "://" in written else Path(written)
