package org.parle.djl.compress;

/** Why a tensor cannot be compressed, and which one of the message it is. */
final class Refusal extends ArithmeticException {

    static final String INPUT = "it has an entry that is NaN or infinite";
    static final String OUTPUT = "Q(u) would have an entry above float32";

    private static final long serialVersionUID = 1;

    private final int tensor;

    Refusal(int tensor, String reason) {
        super(reason);
        this.tensor = tensor;
    }

    Refusal(int tensor, ArithmeticException cause) {
        this(tensor, cause.getMessage());
        initCause(cause);
    }

    int tensor() {
        return tensor;
    }
}
