package dev.imprimatur.server.telemetry;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/** What is told of a request: nothing that its sender wrote but its path, no header and no query. */
final class RequestConvention extends DefaultServerRequestObservationConvention {
    @Override
    public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext context) {
        return super.getLowCardinalityKeyValues(context).and(KeyValue.of("problem", problem(context.getCarrier())));
    }

    private static String problem(@Nullable HttpServletRequest request) {
        return request == null
                ? "none"
                : Objects.requireNonNullElse((String) request.getAttribute(Telemetry.PROBLEM), "none");
    }
}
