package org.parle.djl;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Classes that know one another in a circle: the strongly connected components of what depends on
 * what (R. Tarjan, "Depth-first search and linear graph algorithms", 1972). An inner class counts
 * as its outermost one.
 */
final class Circles {

    private final Map<String, Set<String>> known = new TreeMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> lowest = new HashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final Set<String> onPath = new TreeSet<>();
    private final List<Set<String>> circles = new ArrayList<>();

    private Circles() {}

    /** Returns the circles of two classes or more, each as the classes' full names. */
    static List<Set<String>> of(JavaClasses classes) {
        Circles circles = new Circles();
        for (JavaClass one : classes) {
            Set<String> names = circles.known.computeIfAbsent(name(one), n -> new TreeSet<>());
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                names.add(name(dependency.getTargetClass()));
            }
        }
        for (String name : circles.known.keySet()) {
            if (!circles.numbers.containsKey(name)) {
                circles.visit(name);
            }
        }
        return circles.circles;
    }

    private static String name(JavaClass one) {
        JavaClass outer = one.getBaseComponentType();
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getName();
    }

    private void visit(String name) {
        int number = numbers.size();
        numbers.put(name, number);
        lowest.put(name, number);
        path.push(name);
        onPath.add(name);
        for (String next : known.get(name)) {
            if (known.containsKey(next) && !numbers.containsKey(next)) {
                visit(next);
                lowest.merge(name, lowest.get(next), Math::min);
            } else if (onPath.contains(next)) {
                lowest.merge(name, numbers.get(next), Math::min);
            }
        }
        if (lowest.get(name) == number) {
            close(name);
        }
    }

    private void close(String name) {
        Set<String> circle = new TreeSet<>();
        String last;
        do {
            last = path.pop();
            onPath.remove(last);
            circle.add(last);
        } while (!last.equals(name));
        if (circle.size() > 1) {
            circles.add(circle);
        }
    }
}
