package org.parle.djl.examples.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import org.parle.djl.examples.picture.TopologyPicture;
import org.parle.djl.topology.Topology;
import org.parle.djl.topology.TopologyProvider;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** {@code parle topology}. */
@Command(
        name = "topology",
        mixinStandardHelpOptions = true,
        description = {
            "Shows a graph of replicas: degrees, mixing weights, spectral gap, and a picture.",
            "Without a name it lists the graphs there are."
        })
public final class TopologyCommand implements Callable<Integer> {

    /** Above this the gap of a ring takes minutes. */
    private static final int MOST = 4096;

    /** Wider tables wrap in a terminal. */
    private static final int TABLE = 16;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "A graph's name, or a text file with one edge \"i j\" per line.")
    private String name;

    @Option(names = "--replicas", paramLabel = "N", description = "How many replicas.")
    private Integer replicas;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Draws the graph, as .png or .svg.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            if (replicas != null || output != null) {
                throw new IllegalArgumentException(
                        "which graph? for example parle topology ring --replicas 16");
            }
            for (TopologyProvider one : Topology.providers()) {
                out.printf("%-12s %s; for %s%n", one.name(), one.summary(), one.sizes());
            }
            out.flush();
            return 0;
        }
        if (replicas == null) {
            if (!Files.exists(Path.of(name)) && !Topology.names().contains(name)) {
                // says so, and what was meant
                Topology.named(name, 1);
            }
            throw new IllegalArgumentException(
                    "how many replicas? for example parle topology " + name + " --replicas 16");
        }
        if (replicas < 1 || replicas > MOST) {
            throw new IllegalArgumentException(
                    "--replicas must be from 1 to " + MOST + ", not " + replicas);
        }
        if (output != null) {
            // before the first use of AWT, which the picture's class itself is
            System.setProperty("java.awt.headless", "true");
            TopologyPicture.check(output);
        }
        Topology topology = Topology.named(name, replicas);
        print(topology, out);
        if (output != null) {
            TopologyPicture.draw(topology, output);
            out.println("drawn to " + output);
        }
        out.flush();
        return 0;
    }

    private static void print(Topology topology, PrintWriter out) {
        int n = topology.size();
        int[] degrees = IntStream.range(0, n).map(topology::degree).sorted().toArray();
        int least = degrees[0];
        int most = degrees[n - 1];
        double gap = topology.spectralGap();
        line(out, "topology", topology.name());
        line(out, "replicas", String.valueOf(n));
        line(out, "edges", String.valueOf(topology.edges().size()));
        line(out, "degree", least == most ? String.valueOf(most) : least + " to " + most);
        line(out, "spectral gap", number("%.6g", gap));
        line(
                out,
                "",
                "each mixing leaves at most "
                        + number("%.4g", 1 - gap)
                        + " of the distance to the mean");
        out.println();
        if (n <= TABLE) {
            table(topology, out);
        } else {
            summary(topology, degrees, out);
        }
    }

    private static void line(PrintWriter out, String what, String value) {
        out.printf("%-14s%s%n", what, value);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static void table(Topology topology, PrintWriter out) {
        out.print("weight");
        for (int j = 0; j < topology.size(); j++) {
            out.printf("%6d", j);
        }
        out.println();
        for (int i = 0; i < topology.size(); i++) {
            out.printf("%6d", i);
            for (int j = 0; j < topology.size(); j++) {
                double weight = topology.weight(i, j);
                boolean shown = i == j || weight != 0;
                out.print("  " + (shown ? number("%.2f", weight) : "   ."));
            }
            out.println();
        }
    }

    /** One line for all ranks of a degree. */
    private static void summary(Topology topology, int[] degrees, PrintWriter out) {
        out.printf("%6s %6s  %-16s %s%n", "degree", "ranks", "own weight", "neighbour's weight");
        for (int degree : IntStream.of(degrees).distinct().toArray()) {
            int[] ranks =
                    IntStream.range(0, topology.size())
                            .filter(i -> topology.degree(i) == degree)
                            .toArray();
            String own = range(IntStream.of(ranks).mapToDouble(i -> topology.weight(i, i)));
            String others =
                    range(
                            IntStream.of(ranks)
                                    .boxed()
                                    .flatMapToDouble(
                                            i ->
                                                    IntStream.of(topology.neighbours(i))
                                                            .mapToDouble(
                                                                    j -> topology.weight(i, j))));
            out.printf("%6d %6d  %-16s %s%n", degree, ranks.length, own, others);
        }
    }

    private static String range(DoubleStream weights) {
        double[] sorted = weights.sorted().toArray();
        String least = number("%.4f", sorted[0]);
        String most = number("%.4f", sorted[sorted.length - 1]);
        return least.equals(most) ? most : least + " to " + most;
    }
}
