package dev.imprimatur.publishing;

import java.util.List;

/** What was asked is refused, for a reason of the closed list; the message says where and what to do instead. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<FieldError> errors;

    public RefusedException(ErrorCode code, String detail) {
        this(code, detail, List.of());
    }

    public RefusedException(ErrorCode code, String detail, List<FieldError> errors) {
        super(detail);
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    public RefusedException(ErrorCode code, String detail, Throwable cause) {
        super(detail, cause);
        this.code = code;
        this.errors = List.of();
    }

    /** One field at fault. */
    public static RefusedException field(String pointer, String detail) {
        return new RefusedException(ErrorCode.INVALID_FIELD, detail, List.of(new FieldError(pointer, detail)));
    }

    public ErrorCode code() {
        return code;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? code.title() : message;
    }

    public List<FieldError> errors() {
        return errors;
    }
}
