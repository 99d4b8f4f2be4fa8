package org.parle.djl.data;

import ai.djl.translate.TranslateException;

import org.parle.djl.option.Counted;

import java.io.IOException;

/**
 * How the items of a data set are dealt out to replicas.
 *
 * <p>What a replica gets depends on the set, its rank, the number of replicas and a seed only, so
 * replicas need not talk to each other; disjoint parts are cuts of one order that all of them
 * compute alike. Immutable; the text of {@link #toString} is what {@link #parse} reads.
 */
public abstract class Sharding {

    Sharding() {}

    /**
     * Returns the sharding that gives the whole set to each replica, in a random order of its own.
     *
     * @return the sharding {@code full}
     */
    public static Sharding full() {
        return new FullSharding();
    }

    /**
     * Returns the sharding into random disjoint parts, the same ones throughout. Their sizes differ
     * by one item at the most.
     *
     * @return the sharding {@code disjoint}
     */
    public static Sharding disjoint() {
        return new DisjointSharding(false);
    }

    /**
     * Returns the sharding into random disjoint parts that are dealt out anew every epoch.
     *
     * @return the sharding {@code reshuffled}
     */
    public static Sharding reshuffled() {
        return new DisjointSharding(true);
    }

    /**
     * Returns the sharding that gives each replica a random fraction of the set, the same one
     * throughout. The parts of two replicas overlap as chance will have it; the experiments of
     * Parle (arXiv 1707.00424) have 0.5 and 0.25.
     *
     * @param fraction the fraction, greater than 0, at most 1
     * @return the sharding {@code fraction=F}
     * @throws IllegalArgumentException if the fraction is out of range
     */
    public static Sharding fraction(double fraction) {
        return new FractionSharding(fraction);
    }

    /**
     * Returns the sharding into disjoint parts of unlike labels: of each class, replica a gets the
     * share p_a, (p_0, &hellip;, p_n&minus;1) ~ Dirichlet(&alpha;), drawn for each class anew
     * (after arXiv 1905.12022). The parts differ in size.
     *
     * @param alpha the concentration &alpha;, greater than 0: near 0 a class goes to few replicas,
     *     far above 1 all get equal shares
     * @return the sharding {@code dirichlet=A}
     * @throws IllegalArgumentException if &alpha; is not positive and finite
     */
    public static Sharding dirichlet(double alpha) {
        return new DirichletSharding(alpha);
    }

    /**
     * Returns the sharding into disjoint parts of the set sorted by label: each replica sees few
     * labels. The same for every seed; part sizes differ by one item at the most.
     *
     * @return the sharding {@code sorted}
     */
    public static Sharding sorted() {
        return new SortedSharding();
    }

    /**
     * Returns the sharding for sets of the replicas' own, which need not be equally long, as data
     * that must stay where it is: each replica gets the whole of the set that it names. An epoch is
     * as long as the replicas' mean: a larger set goes on in the next epoch, a smaller one begins
     * again.
     *
     * @return the sharding {@code own}, for {@code replica.shard}, which adds the sets' sizes up
     */
    public static Sharding own() {
        return new OwnSharding(0);
    }

    /**
     * Returns the sharding {@link #own} where it is known how many items there are.
     *
     * @param total the items of all replicas' sets together, the same on all replicas
     * @return the sharding {@code own}
     */
    public static Sharding own(long total) {
        return new OwnSharding(total);
    }

    /**
     * Returns whether each replica names a set of its own.
     *
     * @return true for {@link #own}
     */
    public final boolean isOwn() {
        return this instanceof OwnSharding;
    }

    /**
     * Reads a sharding.
     *
     * @param text {@code full}, {@code disjoint}, {@code reshuffled}, {@code fraction=F}, {@code
     *     dirichlet=A}, {@code sorted} or {@code own}
     * @return the sharding
     * @throws IllegalArgumentException if there is no such sharding, its number is missing, or out
     *     of range
     */
    public static Sharding parse(String text) {
        return ShardingNames.parse(text);
    }

    /** Returns the number of items of all parts together. */
    abstract long total(int items, int size);

    /** Returns the part of a replica; {@code epoch} counts only where parts are dealt out anew. */
    abstract Part part(Items items, int rank, int size, long seed, long epoch)
            throws IOException, TranslateException;

    /** Returns whether the parts are dealt out anew every epoch. */
    boolean changes() {
        return false;
    }

    /** Returns where part {@code rank} of near-equal parts begins. */
    static int cut(int items, int rank, int size) {
        return (int) ((long) items * rank / size);
    }

    /** Refuses to deal fewer items than there are replicas. */
    void requireEnough(int items, int size) {
        if (items < size) {
            throw new IllegalArgumentException(
                    "the sharding "
                            + this
                            + " cannot deal "
                            + Counted.of(items, "item")
                            + " to "
                            + Counted.of(size, "replica")
                            + ": each needs at least one; use fewer replicas, or full");
        }
    }

    /** {@inheritDoc} */
    @Override
    public final boolean equals(Object other) {
        return other instanceof Sharding && toString().equals(other.toString());
    }

    /** {@inheritDoc} */
    @Override
    public final int hashCode() {
        return toString().hashCode();
    }

    /**
     * Returns the text that {@link #parse} reads.
     *
     * @return the name, with {@code =} and the number where there is one
     */
    @Override
    public abstract String toString();
}
