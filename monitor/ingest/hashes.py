"""The digest by which a changed entry is told from the stored one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from storage import itemreads
from storage.codec import encode
from storage.items import Known
from storage.records import ItemValues

if TYPE_CHECKING:
    from storage.database import Connection

HASH_FORM = "2:"  # what hashes begin with, to tell them from those of other forms
_LEFT_OUT = frozenset(("published_at", "updated_at", "flags", "message_id", "event_codes"))
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False)


def content_hash(values: ItemValues) -> str:
    """A digest of what an entry says; its times are left out, for a new date is no change.

    So are the names of the message and its events: under another name it is another entry.

    It is made of the stored form, which leaves out what stands at its default: a field that is
    added to the records changes the hash of no entry that does not use it.
    """
    return hash_of(encode(values))


def hash_of(stored: Mapping[str, Any]) -> str:
    """The same of values in their stored form."""
    text = _JSON.encode({name: said for name, said in stored.items() if name not in _LEFT_OUT})
    return HASH_FORM + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def same_under_older_form(conn: Connection, held: Known, new_hash: str) -> bool:
    """Whether the stored content is the same although its hash is of an older form."""
    if held.hash.startswith(HASH_FORM):
        return False
    return content_hash(itemreads.get(conn, held.item_id).values) == new_hash
