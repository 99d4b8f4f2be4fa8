package org.parle.djl.topology;

import org.parle.djl.option.Counted;
import org.parle.djl.option.Nearest;
import org.parle.djl.option.Services;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Finds graphs by name: the library's own, those of service providers, and files. */
final class Families {

    private static final List<TopologyProvider> OWN =
            List.of(
                    new Ring(),
                    new Torus(),
                    new Complete(),
                    new Star(),
                    new Exponential(),
                    new Expander(),
                    new SocialNetwork());

    private Families() {}

    static Map<String, TopologyProvider> all() {
        Map<String, TopologyProvider> found = new LinkedHashMap<>();
        OWN.forEach(provider -> found.put(provider.name(), provider));
        Services.find(TopologyProvider.class, TopologyProvider::name).forEach(found::putIfAbsent);
        return Collections.unmodifiableMap(found);
    }

    static List<int[]> edges(String name, int size) {
        Map<String, TopologyProvider> known = all();
        TopologyProvider provider = known.get(name);
        if (provider == null) {
            return EdgeList.read(file(name, known), size);
        }
        if (!provider.exists(size)) {
            throw new IllegalArgumentException(
                    String.format(
                            "there is no %s of %s: it needs %s; %s",
                            name,
                            Counted.of(size, "replica"),
                            provider.sizes(),
                            wouldDo(provider, size)));
        }
        return provider.edges(size);
    }

    private static Path file(String name, Map<String, TopologyProvider> known) {
        try {
            Path file = Path.of(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
            if (Files.isDirectory(file) && !name.isEmpty()) {
                throw new IllegalArgumentException(
                        "the edge list " + name + " is a folder, not a file");
            }
            if (file.getNameCount() > 1 || name.endsWith(".txt")) {
                throw new IllegalArgumentException("there is no edge list " + name);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(unknown(name, known), e);
        }
        throw new IllegalArgumentException(unknown(name, known));
    }

    private static String unknown(String name, Map<String, TopologyProvider> known) {
        return String.format(
                "no topology is called \"%s\", and no file: %s",
                name, Nearest.hint(name, known.keySet()));
    }

    /** Names the nearest sizes that the graph exists for. */
    private static String wouldDo(TopologyProvider provider, int size) {
        List<String> sizes =
                IntStream.concat(
                                IntStream.range(1, size)
                                        .map(i -> size - i)
                                        .filter(provider::exists)
                                        .limit(1),
                                IntStream.rangeClosed(size + 1, 4 * size + 64)
                                        .filter(provider::exists)
                                        .limit(1))
                        .mapToObj(String::valueOf)
                        .toList();
        return sizes.isEmpty()
                ? "no number near it would do"
                : String.join(" or ", sizes) + " would do";
    }
}
