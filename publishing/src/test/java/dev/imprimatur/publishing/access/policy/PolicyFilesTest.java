package dev.imprimatur.publishing.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy file may not say, and that the refusal names file, line and what to write. */
class PolicyFilesTest {
    @TempDir
    Path folder;

    private PolicyFolder policies;

    @BeforeEach
    void copy() throws IOException {
        policies = new PolicyFolder(folder);
    }

    @Test
    void ourOwnAreRead() {
        assertThat(Policies.load(folder)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            EFFECT_ALLOW                    | EFFECT_DENY                         | 8 | narrow the condition of the EFFECT_ALLOW
            EFFECT_ALLOW                    | EFFECT_MAYBE                        | 8 | write EFFECT_ALLOW
            roles: [operator]               | roles: ["*"]                        | 13 | '*' is not evaluated here; write approver or operator or viewer
            roles: [operator]               | roles: [Operator]                   | 13 | write approver or operator or viewer
            roles: [operator]               | roles: [operator, operator]         | 13 | stands here twice
            roles: [operator]               | roles: []                           | 13 | a list of at least one
            roles: [operator]               | roles: operator                     | 13 | a list of at least one
            roles: [operator]               | role: [operator]                    | 13 | there is no key 'role' here; there are: actions, condition, derivedRoles, effect, roles
            roles: [operator]               | derivedRoles: [people_manager]      | 13 | 'people_manager' is not evaluated here
            roles: [operator]               | name: writers                       | 13 | write a comment
            roles: [operator]               | ``                                  | 11 | 'roles' or 'derivedRoles' is missing
            [create, edit, submit]          | ["*"]                               | 11 | nothing asks for '*' of 'content'; there are: read, create, edit, submit, comment
            [create, edit, submit]          | [create, edit, submitt]             | 11 | nothing asks for 'submitt'
            [create, edit, submit]          | [create, edit, true]                | 11 | write text here
            [create, edit, submit]          | [create, edit]                      | 0 | no rule of resource 'content' says who may 'submit'
            [create, edit, submit]          | &all [create, edit, submit]         | 11 | anchors and aliases
            version: default                | version: "2"                        | 4 | write default
            version: default                | scope: acme                         | 4 | there is one scope
            version: default                | variables: {}                       | 4 | write the expression where it is used
            version: default                | constants: {}                       | 4 | write the expression where it is used
            version: default                | schemas: {}                         | 4 | what is sent as attributes is known
            version: default                | scopePermissions: SCOPE_PERMISSIONS_OVERRIDE_PARENT | 4 | there is one scope
            version: default                | resource: content                   | 5 | 'resource' stands here twice
            api.cerbos.dev/v1               | api.cerbos.dev/v2                   | 2 | write api.cerbos.dev/v1
            apiVersion: api.cerbos.dev/v1   | metadata: {}                        | 2 | write a comment
            apiVersion: api.cerbos.dev/v1   | disabled: true                      | 2 | take the file away
            apiVersion: api.cerbos.dev/v1   | name: x                             | 2 | there is no key 'name' here
            resourcePolicy:                 | principalPolicy:                    | 3 | write a resourcePolicy
            resourcePolicy:                 | rolePolicy:                         | 3 | write a resourcePolicy
            resourcePolicy:                 | exportVariables:                    | 3 | write the expression where it is used
            resource: content               | resource: contents                  | 5 | 'contents' is not evaluated here; write approval or audit or content or
            resource: content               | resource: [content]                 | 5 | write text here
            resource: content               | resource: content: x                | 5 | this is not YAML
            """)
    void itRefusesWith(String text, String other, int line, String why) throws IOException {
        refused(policies.replace("content.yaml", text, other), line, why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            person != P.id                  | person != V.me        | 26 | undeclared reference to 'V'
            person != P.id                  | person != request.principal.id | 26 | undeclared reference to 'request'
            person != P.id                  | person != P.idd       | 26 | write P.id or P.attr and a name; not idd
            person != P.id                  | person in P.roles     | 26 | write P.id or P.attr and a name; not roles
            person != P.id                  | person != P["id"]     | 26 | write P.id or P.attr and a name
            person != P.id                  | person != P.attr.name | 26 | of P.attr there are: kind, manages_people; not name
            person != P.id                  | person in P.attr      | 26 | of P.attr there are: kind, manages_people
            R.attr.hands_on.all(            | R.attr.handson.all(   | 26 | of R.attr there are: approver, hands_on; not handson
            person != P.id                  | string(person) != P.id | 26 | 'string' is not evaluated here; beside operators, has, all and exists there are: contains,
            person != P.id                  | size(person) - 1 == 0 | 26 | is not evaluated here
            person != P.id                  | person != now()       | 26 | undeclared reference to 'now'
            person != P.id                  | person !=             | 26 | cannot be evaluated here
            R.attr.hands_on.all(person, type(person) == string && person != P.id) | R.attr.hands_on | 26 | a condition is true or false
            all:                            | any:                  | 23 | write a rule for each
            all:                            | none:                 | 23 | write all, and ! before each expression
            all:                            | expr:                 | 24 | write text here
            match:                          | script:               | 22 | write match
            condition:                      | output:               | 21 | a refusal is worded by the program
            """)
    void aConditionRefusesWith(String text, String other, int line, String why) throws IOException {
        Path file = policies.replace("approval.yaml", text, other);
        refused(file, line, why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name: people             | name: persons           | approval.yaml:6: 'people' is not evaluated here; write persons
            definitions:             | constants:              | derived_roles.yaml:6: 'constants' is not evaluated here
            name: people_manager     | name: approver          | derived_roles.yaml:25: the role 'approver' is defined already
            name: people_manager     | name: anybody_in_person | derived_roles.yaml:25: the role 'anybody_in_person' is defined already
            parentRoles: [operator]  | parentRoles: [people]   | derived_roles.yaml:14: 'people' is not evaluated here
            P.attr.manages_people == | R.attr.owner ==         | derived_roles.yaml:32: of R.attr there are: ; not owner
            """)
    void aDerivedRoleRefusesWith(String text, String other, String why) throws IOException {
        policies.replace("derived_roles.yaml", text, other);
        assertThat(refusal()).contains(folder + "/" + why);
    }

    @Test
    void anotherFileOfTheSameKindRefuses() throws IOException {
        Path twice = Files.copy(folder.resolve("content.yaml"), folder.resolve("more.yaml"));
        refused(twice, 5, "another file has the rules of 'content' already");
        Files.delete(twice);
        Path derived = Files.copy(folder.resolve("derived_roles.yaml"), folder.resolve("more.yaml"));
        refused(derived, 5, "another file is called 'people' already");
    }

    @Test
    void whatCerbosWouldReadAndWeWouldNotRefuses() throws IOException {
        for (String name : new String[] {"more.yml", "more.json"}) {
            Path other = policies.write(name, "");
            refused(other, 0, "only .yaml files are read here");
            Files.delete(other);
        }
        refused(Files.createDirectory(folder.resolve("more")), 0, "only .yaml files are read here");
    }

    @Test
    void whatCerbosWouldNotReadAsAPolicyIsLeftAlone() throws IOException {
        policies.write("content_test.yaml", "name: x");
        policies.write("README.md", "about them");
        policies.write(".hidden", "");
        assertThat(Policies.load(folder)).isNotNull();
    }

    @Test
    void aFileThatIsNotOneDocumentInUtf8Refuses() throws IOException {
        String text = Files.readString(folder.resolve("metrics.yaml"));
        refused(policies.write("metrics.yaml", text + "---\n" + text), 0, "it holds 2 documents");
        refused(policies.write("metrics.yaml", ""), 0, "it holds 0 documents");
        refused(policies.write("metrics.yaml", "text"), 1, "write keys here");
        refused(policies.write("metrics.yaml", "[: }"), 1, "this is not YAML");
        Path latin = Files.write(folder.resolve("metrics.yaml"), "# \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        refused(latin, 0, "it is not UTF-8");
        Files.delete(latin);
        assertThat(refusal()).contains("no rule of resource 'metrics' says who may 'read'");
    }

    @Test
    void aFolderThatIsNotThereRefuses() {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> Policies.load(folder.resolve("none")));
        assertThat(refused.detail()).contains(folder.resolve("none").toString(), "cannot be read");
    }

    private void refused(Path file, int line, String why) {
        assertThat(refusal())
                .contains(line == 0 ? "" : file + ":" + line + ": ")
                .contains(why);
    }

    private String refusal() {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> Policies.load(folder));
        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo(ErrorCode.CANNOT_START);
        return refused.detail();
    }
}
