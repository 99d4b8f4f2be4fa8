package org.parle.djl.examples.command;

import org.parle.djl.examples.option.RunWords;
import org.parle.djl.examples.option.TrainOptions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What all runs of a comparison get alike.
 *
 * @param what steps, gradients or seconds
 */
record Budget(String what) {

    /** Returns what {@code parle} is given for each run, the seed not yet among it. */
    List<List<String>> arguments(List<RunWords> runs, List<String> common) throws IOException {
        List<List<String>> all = new ArrayList<>();
        List<TrainOptions> options = new ArrayList<>();
        for (RunWords run : runs) {
            List<String> arguments = run.train(common);
            TrainOptions of = LoggedRuns.options(arguments);
            refuse(of);
            all.add(arguments);
            options.add(of);
        }
        int most = options.stream().mapToInt(one -> one.replicas).max().orElseThrow();
        for (int i = 0; i < all.size(); i++) {
            if ("gradients".equals(what)) {
                all.get(i).addAll(longer(options.get(i), most));
            } else if ("seconds".equals(what) && options.get(i).maxSeconds == 0) {
                throw new IllegalArgumentException("--equal seconds needs --max-seconds");
            }
        }
        return all;
    }

    private static List<String> longer(TrainOptions one, int most) {
        if (most % one.replicas != 0) {
            throw new IllegalArgumentException(
                    "--equal gradients: "
                            + most
                            + " replicas compute no whole multiple of what "
                            + one.replicas
                            + " do; take numbers of replicas that divide the largest");
        }
        int times = most / one.replicas;
        String drops =
                Arrays.stream(one.rate.dropAt)
                        .mapToObj(epoch -> String.valueOf(epoch * times))
                        .collect(Collectors.joining(","));
        List<String> more =
                new ArrayList<>(List.of("--epochs", String.valueOf(one.epochs * times)));
        more.addAll(List.of("--drop-at", drops));
        if (one.maxSteps > 0) {
            more.addAll(List.of("--max-steps", String.valueOf(one.maxSteps * times)));
        }
        return times == 1 ? List.of() : more;
    }

    /** What a comparison gives each run itself. */
    private static void refuse(TrainOptions options) {
        if (options.log != null) {
            throw new IllegalArgumentException("each run is logged below --output; leave --log");
        }
    }
}
