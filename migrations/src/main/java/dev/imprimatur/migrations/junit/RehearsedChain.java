package dev.imprimatur.migrations.junit;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.layout.Layouts;
import dev.imprimatur.migrations.rehearse.Rehearsal;
import dev.imprimatur.migrations.rehearse.Report;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Rehearses a chain, and has JUnit call the method once for each of its steps. */
final class RehearsedChain implements TestTemplateInvocationContextProvider {

    private static final String AUTO = "auto";

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getElement(), Rehearsed.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Rehearsed wanted = AnnotationSupport.findAnnotation(context.getElement(), Rehearsed.class)
                .orElseThrow();
        Rehearsal rehearsal = Rehearsal.of(chain(wanted)).rows(wanted.rows()).keepGoing();
        if (!wanted.prelude().isEmpty()) {
            rehearsal.prelude(Path.of(wanted.prelude()));
        }
        Report report = rehearsal.run();
        return RehearsedStep.all(report, wanted.acceptUnproven()).stream().map(step -> step);
    }

    private static Chain chain(Rehearsed wanted) {
        Path folder = Path.of(wanted.value());
        if (wanted.layout().equals(AUTO)) {
            return Layouts.read(folder);
        }
        return Layouts.read(
                folder,
                Layout.ofWord(wanted.layout())
                        .orElseThrow(() -> new MigrationException(
                                Reason.USAGE,
                                "@Rehearsed knows no layout `%s`; it knows %s."
                                        .formatted(wanted.layout(), String.join(", ", AUTO, words())))));
    }

    private static String words() {
        return Arrays.stream(Layout.values()).map(Layout::word).collect(Collectors.joining(", "));
    }
}
