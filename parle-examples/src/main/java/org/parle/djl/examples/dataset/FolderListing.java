package org.parle.djl.examples.dataset;

import org.parle.djl.option.Counted;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts what lies in one half of a folder of images. Whatever is not taken as an image is counted
 * by the reason why. Links are followed; paths stay what the file system gave, for a name that the
 * locale cannot write must not be made text and back.
 */
final class FolderListing {

    /** What Java reads everywhere. */
    private static final Set<String> KINDS =
            Set.of(".jpg", ".jpeg", ".png", ".bmp", ".wbmp", ".gif");

    private static final int MOST_NAMES = 3;

    private static final String OTHER_KIND = "of a kind that is not read";

    private final Path half;
    private final Map<Path, List<Path>> images = new TreeMap<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private final Set<String> otherKinds = new TreeSet<>();

    private FolderListing(Path half) {
        this.half = half;
    }

    /** Returns the names of a half's classes, sorted by their bytes, thus alike in any locale. */
    static List<Path> classes(Path half) throws IOException {
        try (Stream<Path> found = Files.list(half)) {
            return found.filter(Files::isDirectory)
                    .map(Path::getFileName)
                    .filter(name -> !isHidden(name))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Lists a half.
     *
     * @throws IllegalArgumentException if a class has no image, or something cannot be read
     */
    static FolderListing of(Path half) throws IOException {
        FolderListing listing = new FolderListing(half);
        classes(half).forEach(name -> listing.images.put(name, new ArrayList<>()));
        Files.walkFileTree(
                half,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                Integer.MAX_VALUE,
                listing.new Visitor());
        listing.requireImages();
        // else in the order of the disk, another on each machine
        listing.images.values().forEach(paths -> paths.sort(null));
        return listing;
    }

    private void requireImages() {
        List<Path> empty =
                images.keySet().stream().filter(name -> images.get(name).isEmpty()).toList();
        if (!empty.isEmpty()) {
            throw new IllegalArgumentException(
                    half + " has no image of " + names(empty) + leftOut());
        }
    }

    /** Returns the images, class by class. */
    List<Path> images() {
        return images.values().stream().flatMap(List::stream).toList();
    }

    /** Returns the class of each image. */
    int[] labels() {
        int[] labels = new int[images.values().stream().mapToInt(List::size).sum()];
        int next = 0;
        int label = 0;
        for (List<Path> paths : images.values()) {
            for (int i = 0; i < paths.size(); i++) {
                labels[next++] = label;
            }
            label++;
        }
        return labels;
    }

    /** Returns what was found, in one line. */
    @Override
    public String toString() {
        return half.getFileName()
                + ": "
                + Counted.of(images().size(), "image")
                + " in "
                + Counted.of(images.size(), "class")
                + " ("
                + spread(labels(), images.size())
                + ')'
                + leftOut();
    }

    /** Returns how many images the smallest and the largest class have. */
    static String spread(int[] labels, int classes) {
        int[] counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int count : counts) {
            least = Math.min(least, count);
            most = Math.max(most, count);
        }
        return "least " + least + ", most " + most;
    }

    private String leftOut() {
        int all = leftOut.values().stream().mapToInt(Integer::intValue).sum();
        if (all == 0) {
            return "";
        }
        String why =
                leftOut.entrySet().stream()
                        .map(one -> one.getValue() + " " + one.getKey() + kinds(one.getKey()))
                        .collect(Collectors.joining(", "));
        return ", " + Counted.of(all, "file") + " left out: " + why;
    }

    /** Returns the first few, and how many there are besides. */
    static String names(List<?> all) {
        String first =
                all.stream()
                        .limit(MOST_NAMES)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        int more = all.size() - MOST_NAMES;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    private String kinds(String why) {
        return why.equals(OTHER_KIND) ? " (" + names(List.copyOf(otherKinds)) + ')' : "";
    }

    private static boolean isHidden(Path name) {
        return name.toString().startsWith(".");
    }

    private static String kind(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    }

    /** Returns why a file is not an image of a class, null if it is one. */
    private String reason(Path file, BasicFileAttributes attributes) {
        Path way = half.relativize(file);
        for (Path name : way) {
            if (isHidden(name)) {
                return "hidden";
            }
        }
        if (!attributes.isRegularFile()) {
            return attributes.isSymbolicLink() ? "linked to nothing" : "not regular";
        }
        if (way.getNameCount() == 1) {
            return "outside of the classes' folders";
        }
        if (!KINDS.contains(kind(file))) {
            otherKinds.add(kind(file).isEmpty() ? "no suffix" : kind(file));
            return OTHER_KIND;
        }
        return null;
    }

    private void leaveOut(String why) {
        leftOut.merge(why, 1, Integer::sum);
    }

    /** Sorts each file in. */
    private final class Visitor extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String why = reason(file, attributes);
            if (why == null) {
                images.get(half.relativize(file).getName(0)).add(file);
            } else {
                leaveOut(why);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            if (!(e instanceof FileSystemLoopException)) {
                throw new IllegalArgumentException(file + " cannot be read: " + e, e);
            }
            leaveOut("linked to a folder above");
            return FileVisitResult.CONTINUE;
        }
    }
}
