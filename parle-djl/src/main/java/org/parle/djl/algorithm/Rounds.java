package org.parle.djl.algorithm;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.schedule.Scoping;

import java.util.ArrayList;
import java.util.List;

/**
 * When replicas synchronise. How long a round is, is fixed at its first step k:
 *
 * <pre>
 * k ≤ localAfter     1
 * syncGrowth = q     max(L, min(10000, ⌊(q/η)²⌋))     (arXiv 2310.14423)
 * L = auto           max(1, ⌊γ_t η + ½⌋)
 * else               L
 * </pre>
 *
 * <p>The mean of a synchronisation may be applied {@code syncDelay} steps later, but in the rounds
 * of {@code localAfter} (arXiv 1808.07217) at once.
 */
final class Rounds {

    private static final String COUNT = "synchronisations";
    private static final String IN_ROUND = "stepsInRound";
    private static final String LENGTH = "roundLength";

    private static final String EVERY = "syncEvery";
    private static final String DELAY = "syncDelay";
    private static final String LOCAL_AFTER = "localAfter";
    private static final String GROWTH = "syncGrowth";
    private static final String AUTO = "auto";

    private static final double LONGEST = 10_000;

    // a rate is a float: what should be whole may come out below
    private static final double ROUNDING = 1e-6;

    private final State state;
    private final Scoping gamma;
    private final boolean auto;
    private final int every;
    private final int delay;
    private final int localAfter;
    private final double growth;

    /** Rounds that the options ask for, γ only needed for {@code auto}. */
    Rounds(Context context, Scoping gamma) {
        this.gamma = gamma;
        state = context.state();
        Options options = context.options();
        auto = isAuto(options);
        every = auto ? 0 : options.integer(EVERY);
        delay = (int) options.number(DELAY, 0);
        localAfter = (int) options.number(LOCAL_AFTER, 0);
        growth = options.number(GROWTH, 0);
        state.counter(COUNT);
        if (vary()) {
            List.of(IN_ROUND, LENGTH).forEach(state::counter);
        }
    }

    /** Returns the options given, {@code syncEvery} among them, and those of rounds besides. */
    static Option[] with(Option... given) {
        List<Option> all = new ArrayList<>(List.of(given));
        all.addAll(options());
        return all.toArray(Option[]::new);
    }

    private static List<Option> options() {
        return List.of(
                Option.integer(
                                DELAY,
                                "D, steps after a synchronisation at which its mean is waited for"
                                        + " and applied; below syncEvery")
                        .from(0)
                        .byDefault(0),
                Option.integer(LOCAL_AFTER, "k, every step up to it is a synchronisation")
                        .from(0)
                        .byDefault(0),
                Option.number(
                                GROWTH,
                                "q, rounds of (q/η)² steps where that is more than syncEvery; 0 is"
                                        + " off")
                        .from(0)
                        .byDefault(0));
    }

    /**
     * Refuses what does not go together.
     *
     * @throws IllegalArgumentException if a delay is as long as a round, or auto has another rule
     */
    static void check(Options options) {
        double delay = options.number(DELAY);
        if (isAuto(options)) {
            for (String other : List.of(DELAY, GROWTH)) {
                if (options.number(other) > 0) {
                    throw new IllegalArgumentException(
                            other + " needs a number for syncEvery, not auto");
                }
            }
        } else if (delay >= options.integer(EVERY)) {
            throw new IllegalArgumentException(
                    String.format(
                            "syncDelay=%d is not below syncEvery=%d: a mean is applied before the"
                                    + " next one is taken",
                            (int) delay, options.integer(EVERY)));
        }
    }

    private static boolean isAuto(Options options) {
        return AUTO.equals(options.text(EVERY));
    }

    static boolean areDelayed(Options options) {
        return options.number(DELAY, 0) > 0;
    }

    private boolean vary() {
        return auto || growth > 0 || localAfter > 0;
    }

    /** Returns t, finished synchronisations. */
    long count() {
        return state.counter(COUNT);
    }

    /** Begins a step, with its η. */
    void begin(long k, double rate) {
        if (vary() && state.counter(IN_ROUND) == 0) {
            state.counter(LENGTH, length(k, rate));
        }
    }

    private long length(long k, double rate) {
        if (k <= localAfter) {
            return 1;
        }
        if (growth > 0) {
            double grown = Math.floor(Math.pow(growth / rate, 2) * (1 + ROUNDING));
            return (long) Math.max(every, Math.min(LONGEST, grown));
        }
        return auto
                ? (long) Math.max(1, Math.floor(gamma.at(count()) * rate + 0.5 + ROUNDING))
                : every;
    }

    /** Ends a step; returns whether its round ends with it. */
    boolean end(long k) {
        if (!vary()) {
            return k % every == 0;
        }
        state.counter(IN_ROUND, state.counter(IN_ROUND) + 1);
        return state.counter(IN_ROUND) == state.counter(LENGTH);
    }

    /** Returns whether steps were taken since the newest synchronisation. */
    boolean isOpen(long k) {
        return vary() ? state.counter(IN_ROUND) > 0 : k % every != 0;
    }

    /** Returns whether a synchronisation at a step is a plain mean, without an outer step. */
    boolean isPlain(long k) {
        return k <= localAfter;
    }

    /** Returns D of a synchronisation at a step. */
    int delay(long k) {
        return isPlain(k) ? 0 : delay;
    }

    /** Counts a synchronisation. */
    void synchronised() {
        if (vary()) {
            state.counter(IN_ROUND, 0);
        }
        state.counter(COUNT, count() + 1);
    }
}
