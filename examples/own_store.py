"""A store of your own: one that counts what it writes, around any other."""

from reweaving import Memory, MemoryEntry
from reweaving.memory.wrapped import WrappedStore
from reweaving.stores.sqlite import SqliteStore


class CountingStore(WrappedStore):
    """Knows how many entries were written through it."""

    written = 0

    def put_many(self, namespace, entries, **room) -> None:
        super().put_many(namespace, entries, **room)
        self.written += len(entries)


def main(location: str = ":memory:") -> int:
    store = CountingStore(SqliteStore.open(location))
    with Memory(store, "ann") as memory:
        said = ("My cat is called Tom.", "My dog is called Rex.")
        memory.add([MemoryEntry(None, (), "monday", i, text=t) for i, t in enumerate(said)])
        print([hit.text for hit in memory.search("dog")], "of", store.written)
    return store.written


if __name__ == "__main__":
    main()
