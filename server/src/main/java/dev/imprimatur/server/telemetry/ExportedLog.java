package dev.imprimatur.server.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Severity;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Takes what is logged to the collector too, with the trace that it belongs to. */
final class ExportedLog extends AppenderBase<ILoggingEvent> {
    /** Whatever tells that exporting fails is not exported: that would fail again. */
    private static final List<String> EXPORTERS = List.of("io.opentelemetry.", "io.micrometer.");

    private final OpenTelemetry telemetry;

    private ExportedLog(OpenTelemetry telemetry) {
        this.telemetry = telemetry;
    }

    static ExportedLog attach(OpenTelemetry telemetry) {
        ExportedLog log = new ExportedLog(telemetry);
        Logger root = root();
        log.setContext(root.getLoggerContext());
        log.start();
        root.addAppender(log);
        return log;
    }

    void detach() {
        root().detachAppender(this);
        stop();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (EXPORTERS.stream().anyMatch(event.getLoggerName()::startsWith)) {
            return;
        }
        LogRecordBuilder record = telemetry
                .getLogsBridge()
                .get(event.getLoggerName())
                .logRecordBuilder()
                .setTimestamp(event.getTimeStamp(), TimeUnit.MILLISECONDS)
                .setSeverity(severity(event.getLevel()))
                .setSeverityText(event.getLevel().toString())
                .setBody(event.getFormattedMessage());
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            record.setAttribute("exception.type", thrown.getClassName())
                    .setAttribute("exception.message", String.valueOf(thrown.getMessage()))
                    .setAttribute("exception.stacktrace", ThrowableProxyUtil.asString(thrown));
        }
        record.emit();
    }

    private static Severity severity(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> Severity.ERROR;
            case Level.WARN_INT -> Severity.WARN;
            case Level.INFO_INT -> Severity.INFO;
            case Level.DEBUG_INT -> Severity.DEBUG;
            default -> Severity.TRACE;
        };
    }
}
