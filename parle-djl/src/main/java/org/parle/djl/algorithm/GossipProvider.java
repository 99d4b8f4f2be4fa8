package org.parle.djl.algorithm;

import org.parle.djl.option.Option;
import org.parle.djl.option.Options;
import org.parle.djl.topology.Topology;
import org.parle.djl.vector.Layout;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What the providers of the algorithms on a graph share: {@code topology}, and a compressor's. */
abstract class GossipProvider implements OptimizerProvider {

    private final String name;
    private final String summary;
    private final Compression compression;
    private final ConsensusStep step;
    private final Option own;

    private GossipProvider(
            String name, String summary, Compression compression, ConsensusStep step, Option own) {
        this.name = name;
        this.summary = summary;
        this.compression = compression;
        this.step = step;
        this.own = own;
    }

    /** Of an algorithm with a consensus step. */
    GossipProvider(String name, String summary, Compression compression, ConsensusStep step) {
        this(name, summary, compression, step, step.option());
    }

    /** Of an algorithm with an option of its own. */
    GossipProvider(String name, String summary, Compression compression, Option own) {
        this(name, summary, compression, null, own);
    }

    /** Of an algorithm with nothing else. */
    GossipProvider(String name, String summary, Compression compression) {
        this(name, summary, compression, null, null);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String summary() {
        return summary;
    }

    @Override
    public final List<Option> options() {
        Option topology = CommonOptions.topology();
        return CommonOptions.withSgd(
                own == null ? compression.options(topology) : compression.options(topology, own));
    }

    @Override
    public final void check(Options options, int replicas) {
        compression.check(options);
        if (step != null) {
            step.check(compression, options);
        }
        String topology = options.text(CommonOptions.TOPOLOGY);
        boolean known = Topology.names().contains(topology) || new File(topology).isFile();
        // a graph of many nodes need not exist for one, as which an optimizer is built
        if (replicas > 1 || !known) {
            Topology.named(topology, replicas);
        }
    }

    /** An edge list may have other content on another machine. */
    @Override
    public final Map<String, String> mustAgree(Options options, int replicas) {
        String topology = options.text(CommonOptions.TOPOLOGY);
        if (replicas == 1 || !new File(topology).isFile()) {
            return Map.of();
        }
        CRC32C hash = new CRC32C();
        List<int[]> edges = Topology.named(topology, replicas).edges();
        edges.forEach(edge -> hash.update(Arrays.toString(edge).getBytes(UTF_8)));
        String value = String.format("%d with the checksum %08x", edges.size(), hash.getValue());
        return Map.of("edges of " + new File(topology).getName(), value);
    }

    @Override
    public List<String> warnings(Options options, Layout layout) {
        List<String> all = new ArrayList<>(compression.warnings(options, layout));
        if (step != null) {
            all.addAll(step.warnings(compression, options, layout));
        }
        return all;
    }
}
