package dev.imprimatur.migrations;

/** What a step of several transactions has committed so far, should it stop now. */
final class Left {

    private boolean begun;
    private Mark mark = Mark.START;

    void begun(Mark at) {
        begun = true;
        mark = at;
    }

    /** Nothing of the step is left any more. */
    void cleared() {
        begun = false;
        mark = Mark.START;
    }

    boolean isNothing() {
        return !begun;
    }

    Mark mark() {
        return mark;
    }
}
