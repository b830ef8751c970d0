package dev.imprimatur.migrations;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "dev.imprimatur", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theLibraryKnowsNothingOfTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage("..migrations.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..migrations.cli..", "picocli..");

    @ArchTest
    static final ArchRule nothingIsKnownOfPublishing =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("..publishing..", "..server..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("dev.imprimatur.migrations.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theLibraryPrintsNothing = noClasses()
            .that()
            .resideOutsideOfPackage("..migrations.cli..")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule namesSayWhatThingsAre =
            noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Service|Impl)(\\$.*)?");
}
