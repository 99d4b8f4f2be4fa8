package org.parle.djl.data;

/** The whole set for each replica. */
final class FullSharding extends Sharding {

    @Override
    long total(int items, int size) {
        return (long) items * size;
    }

    @Override
    Part part(Items items, int rank, int size, long seed, long epoch) {
        return Part.all(items.count());
    }

    @Override
    public String toString() {
        return "full";
    }
}
