package org.parle.djl.data;

/** Each replica's own set, of whatever size. */
final class OwnSharding extends Sharding {

    private final long total;

    /** Makes one; a total of 0 is not known yet. */
    OwnSharding(long total) {
        this.total = total;
    }

    @Override
    long total(int items, int size) {
        if (total == 0 && size > 1) {
            throw new IllegalStateException(
                    "with the sharding own an epoch's length follows from all replicas' sets: make"
                            + " the shard with replica.shard, or name it: Sharding.own(total)");
        }
        return total == 0 ? items : total;
    }

    @Override
    Part part(Items items, int rank, int size, long seed, long epoch) {
        return Part.all(items.count());
    }

    @Override
    public String toString() {
        return "own";
    }
}
