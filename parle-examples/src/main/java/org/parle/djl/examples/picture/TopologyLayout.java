package org.parle.djl.examples.picture;

import org.parle.djl.topology.Topology;

import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.QuadCurve2D;

/** Where the ranks of a picture go, in pixels. */
abstract class TopologyLayout {

    private static final int SIDE = 1000;

    final int size;

    private TopologyLayout(int size) {
        this.size = size;
    }

    /** A torus on its grid, a star around its centre, everything else in a circle. */
    static TopologyLayout of(Topology topology) {
        int size = topology.size();
        return switch (topology.name()) {
            case "torus" -> new Grid(topology);
            case "star" -> new Circle(size, 1);
            default -> new Circle(size, size == 1 ? 1 : 0);
        };
    }

    int width() {
        return SIDE;
    }

    int height() {
        return SIDE;
    }

    abstract double radius();

    /** Returns how wide a line is. */
    abstract double lineWidth(int edges);

    abstract Point2D place(int rank);

    /** Returns where a label goes that does not fit into its node. */
    abstract Point2D outside(int rank);

    /** Returns the line of an edge. */
    Shape edge(int i, int j) {
        return new Line2D.Double(place(i), place(j));
    }

    /** Returns which ranks are labelled: the multiples of this. */
    abstract int labelEvery();

    /** Ranks clockwise from the top, the first ones in the centre where there is a centre. */
    private static final class Circle extends TopologyLayout {

        private static final double ROOM = 32;

        private final int inside;

        Circle(int size, int inside) {
            super(size);
            this.inside = inside;
        }

        private double between() {
            return 2 * Math.PI * (SIDE / 2.0 - 2 * ROOM) / Math.max(1, size - inside);
        }

        @Override
        double radius() {
            return Math.max(2, Math.min(ROOM, 0.38 * between()));
        }

        @Override
        double lineWidth(int edges) {
            // thousands of chords of full width would be one blot
            return Math.max(0.15, Math.min(2, 400.0 / edges));
        }

        @Override
        Point2D place(int rank) {
            return at(rank, SIDE / 2.0 - 2 * ROOM);
        }

        @Override
        Point2D outside(int rank) {
            return at(rank, SIDE / 2.0 - ROOM);
        }

        private Point2D at(int rank, double radius) {
            if (rank < inside) {
                return new Point2D.Double(SIDE / 2.0, SIDE / 2.0);
            }
            double angle = 2 * Math.PI * (rank - inside) / (size - inside);
            return new Point2D.Double(
                    SIDE / 2.0 + radius * Math.sin(angle), SIDE / 2.0 - radius * Math.cos(angle));
        }

        @Override
        int labelEvery() {
            int every = 1;
            int[] next = {2, 5, 10};
            for (int power = 1, i = 0; every * between() < 24; i = (i + 1) % 3) {
                every = power * next[i];
                power *= i == 2 ? 10 : 1;
            }
            return every;
        }
    }

    /** Rows of ranks; the edges that wrap around bend over those between. */
    private static final class Grid extends TopologyLayout {

        private static final int WIDEST = 3000;

        private final int columns;
        private final double cell;

        Grid(Topology topology) {
            super(topology.size());
            int rows = (int) Math.sqrt(size);
            while (size % rows != 0) {
                rows--;
            }
            columns = size / rows;
            cell = Math.max(20, Math.min(140, (double) WIDEST / columns));
        }

        @Override
        int width() {
            return (int) (cell * (columns + 1));
        }

        @Override
        int height() {
            return (int) (cell * (size / columns + 1));
        }

        @Override
        double radius() {
            return 0.22 * cell;
        }

        @Override
        double lineWidth(int edges) {
            return Math.min(2, cell / 40);
        }

        @Override
        Point2D place(int rank) {
            return new Point2D.Double(cell * (rank % columns + 1), cell * (rank / columns + 1));
        }

        @Override
        Point2D outside(int rank) {
            Point2D place = place(rank);
            return new Point2D.Double(place.getX(), place.getY() + cell / 2);
        }

        @Override
        Shape edge(int i, int j) {
            boolean acrossAll = Math.abs(i % columns - j % columns) > 1;
            boolean downAll = Math.abs(i / columns - j / columns) > 1;
            if (!acrossAll && !downAll) {
                return super.edge(i, j);
            }
            Point2D a = place(i);
            Point2D b = place(j);
            // a curve comes half as far as what it bends towards
            double x = (a.getX() + b.getX()) / 2 - (downAll ? 0.8 * cell : 0);
            double y = (a.getY() + b.getY()) / 2 - (acrossAll ? 0.8 * cell : 0);
            return new QuadCurve2D.Double(a.getX(), a.getY(), x, y, b.getX(), b.getY());
        }

        @Override
        int labelEvery() {
            return cell < 42 ? columns : 1;
        }
    }
}
