package org.parle.djl.comm;

/**
 * Cuts a vector into consecutive shares whose lengths differ by one at the most. With fewer entries
 * than shares some are empty.
 *
 * @param length entries of the vector
 * @param count how many shares
 */
record Shares(long length, int count) {

    /** Entries below which a share of the work is not worth a claim. */
    private static final int WORTH_A_CLAIM = 4096;

    /** As many shares as there are replicas, but none so short that claiming it costs more. */
    static Shares ofWork(long length, int replicas) {
        long worthwhile = (length + WORTH_A_CLAIM - 1) / WORTH_A_CLAIM;
        return new Shares(length, (int) Math.max(1, Math.min(replicas, worthwhile)));
    }

    /** The first entry of a share. */
    long from(int share) {
        return length / count * share + Math.min(share, length % count);
    }

    /** One past the last entry of a share. */
    long to(int share) {
        return from(share + 1);
    }

    /** How many entries a share has. */
    long size(int share) {
        return to(share) - from(share);
    }
}
