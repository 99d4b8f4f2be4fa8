package org.parle.djl;

/** One of two processes under allocation pressure: a part of the fixture, and some trainings. */
final class MpiPressureMain {

    static final int TRAININGS = 10;

    private MpiPressureMain() {}

    public static void main(String[] args) {
        FixtureMain.main(new String[] {"2", "2", FixtureMain.SOME});
        PressureMain.main(new String[] {String.valueOf(TRAININGS)});
    }
}
