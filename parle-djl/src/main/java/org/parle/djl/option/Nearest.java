package org.parle.djl.option;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Suggests the names that a mistyped one may have meant. */
public final class Nearest {

    private static final int SHOWN = 3;

    private Nearest() {}

    /**
     * Says which of the known names are nearest to the given one.
     *
     * @param given the name that is not known
     * @param known the names there are
     * @return for example {@code did you mean "gamma"?}, or a list of all names where none is near
     */
    public static String hint(String given, Collection<String> known) {
        List<String> near = to(given, known);
        if (near.isEmpty()) {
            return "there are " + String.join(", ", known);
        }
        return "did you mean \"" + String.join("\" or \"", near) + "\"?";
    }

    /** Returns the known names near to the given one, the nearest first. */
    static List<String> to(String given, Collection<String> known) {
        String wanted = plain(given);
        int limit = Math.max(2, wanted.length() / 3);
        return known.stream()
                .filter(name -> distance(wanted, plain(name)) <= limit)
                .sorted(Comparator.comparingInt(name -> distance(wanted, plain(name))))
                .limit(SHOWN)
                .toList();
    }

    /** camelCase, kebab-case and capitals count as the same. */
    private static String plain(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's distance: the insertions, deletions and replacements between two words. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
