package dev.imprimatur.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.imprimatur.server.api.Requires;
import org.jspecify.annotations.NullMarked;
import org.springframework.web.bind.annotation.RequestMapping;

/** The map of ARCHITECTURE.md, as a test: which way the arrows run, and which names say nothing. */
@AnalyzeClasses(packages = "dev.imprimatur", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule migrationsKnowNothingOfPublishing = noClasses()
            .that()
            .resideInAPackage("dev.imprimatur.migrations..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.imprimatur.publishing..", "dev.imprimatur.server..");

    @ArchTest
    static final ArchRule publishingKnowsNothingOfMigrations = noClasses()
            .that()
            .resideInAPackage("dev.imprimatur.publishing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.imprimatur.migrations..", "dev.imprimatur.server..");

    @ArchTest
    static final ArchRule theFrameworkLivesInTheServerAlone = noClasses()
            .that()
            .resideOutsideOfPackage("dev.imprimatur.server..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "jakarta.servlet..", "picocli.spring..");

    @ArchTest
    static final ArchRule transactionsAreSqlAndNotAnnotations = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.transaction..", "org.springframework.jdbc..");

    @ArchTest
    static final ArchRule theDomainRunsDownhill = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("publications")
            .definedBy("dev.imprimatur.publishing.publications..")
            .layer("approvals")
            .definedBy("dev.imprimatur.publishing.approvals..")
            .layer("flags")
            .definedBy("dev.imprimatur.publishing.flags..")
            .layer("outlets")
            .definedBy("dev.imprimatur.publishing.outlets..")
            .layer("content")
            .definedBy("dev.imprimatur.publishing.content..")
            .layer("access")
            .definedBy("dev.imprimatur.publishing.access..")
            .layer("database")
            .definedBy("dev.imprimatur.publishing.database..")
            .whereLayer("publications")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("approvals")
            .mayOnlyBeAccessedByLayers("publications")
            .whereLayer("flags")
            .mayOnlyBeAccessedByLayers("publications")
            .whereLayer("outlets")
            .mayOnlyBeAccessedByLayers("publications", "approvals")
            .whereLayer("content")
            .mayOnlyBeAccessedByLayers("publications", "approvals", "flags", "outlets")
            .whereLayer("access")
            .mayOnlyBeAccessedByLayers("publications", "approvals", "flags", "outlets", "content");

    @ArchTest
    static final ArchRule noPackageStandsInACircle =
            slices().matching("dev.imprimatur.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule outletsNeverSeeAPublication = noClasses()
            .that()
            .resideInAPackage("dev.imprimatur.publishing.outlets..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.imprimatur.publishing.publications..");

    @ArchTest
    static final ArchRule everyRouteOfTheApiSaysWhatItRequires = methods()
            .that()
            .areMetaAnnotatedWith(RequestMapping.class)
            .and()
            .areDeclaredInClassesThat()
            .haveSimpleNameEndingWith("Api")
            .should()
            .beAnnotatedWith(Requires.class);

    @ArchTest
    static final ArchRule namesSaySomething =
            noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Service|Impl)");

    @ArchTest
    static final ArchRule accessorsHaveNoGet = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage("dev.imprimatur.publishing..", "dev.imprimatur.migrations..")
            .and()
            .areDeclaredInClassesThat()
            // What JUnit calls is named as JUnit names it.
            .resideOutsideOfPackage("dev.imprimatur.migrations.junit..")
            .and()
            .arePublic()
            .should()
            .haveNameMatching("get[A-Z].*");

    @ArchTest
    static final ArchRule nullIsToldEverywhere = classes().should(resideInANullMarkedPackage());

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getName() + " is in an unmarked package"));
            }
        };
    }
}
