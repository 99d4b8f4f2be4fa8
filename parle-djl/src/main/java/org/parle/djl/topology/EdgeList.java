package org.parle.djl.topology;

import org.parle.djl.option.Counted;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a graph from a text file: one edge {@code i j} per line, comments after {@code #}. */
final class EdgeList {

    private EdgeList() {}

    static List<int[]> read(Path file, int size) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException("the edge list " + file + " is not text", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the edge list " + file, e);
        }
        List<int[]> edges = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                edges.add(edge(text, size, file + ", line " + (i + 1)));
            }
        }
        return edges;
    }

    private static int[] edge(String text, int size, String where) {
        String[] words = text.split("[\\s,;]+", -1);
        if (words.length != 2) {
            throw bad(where, "an edge is two ranks, as in \"0 1\"", text, null);
        }
        int[] edge = new int[2];
        for (int i = 0; i < 2; i++) {
            try {
                edge[i] = Integer.parseInt(words[i]);
            } catch (NumberFormatException e) {
                throw bad(where, "an edge is two ranks, as in \"0 1\"", text, e);
            }
            if (edge[i] < 0 || edge[i] >= size) {
                throw bad(
                        where,
                        "the ranks of " + Counted.of(size, "replica") + " " + ranks(size),
                        text,
                        null);
            }
        }
        return edge;
    }

    static String ranks(int size) {
        return size == 1 ? "are just 0" : "are 0 to " + (size - 1);
    }

    private static IllegalArgumentException bad(
            String where, String wanted, String text, Throwable cause) {
        return new IllegalArgumentException(where + ": " + wanted + ", not \"" + text + '"', cause);
    }
}
