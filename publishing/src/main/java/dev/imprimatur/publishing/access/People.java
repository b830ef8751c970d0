package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.RefusedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** The people of this installation. */
public final class People {
    private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}]([^\\p{Cntrl}]{0,98}[^\\s\\p{Cntrl}])?");

    private final Jdbi jdbi;

    public People(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Adds a person from the host's command line, which is trusted as much as the database is.
     *
     * @throws dev.imprimatur.publishing.RefusedException INVALID_FIELD; a name that is taken surfaces as NAME_TAKEN
     */
    public Person add(String name, Set<Role> roles) {
        return add(new Person(UUID.randomUUID(), acceptable(name), roles, false));
    }

    /** Adds a person who may end others' sessions and tokens, and with a second one like them link identities. */
    public Person addManager(String name, Set<Role> roles) {
        return add(new Person(UUID.randomUUID(), acceptable(name), roles, true));
    }

    static String acceptable(String name) {
        if (!NAME.matcher(name).matches()) {
            throw RefusedException.field(
                    "/name", "a name is 1 to 100 characters on one line, with no space at either end");
        }
        return name;
    }

    private Person add(Person person) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH added AS (
                            INSERT INTO people (id, name, roles, manages_people)
                            VALUES (:id, :name, :roles, :manages_people) RETURNING id)
                        INSERT INTO audit (action, subject_kind, subject_id, details)
                        SELECT 'person.added', 'person', id::text,
                               jsonb_build_object('name', :name, 'roles', to_jsonb(:roles), 'manages_people', :manages_people)
                        FROM added""")
                .bind("id", person.id())
                .bind("name", person.name())
                .bind("manages_people", person.managesPeople())
                .bindArray("roles", String.class, labels(person.roles()))
                .execute());
        return person;
    }

    /** Somebody by their id, unless disabled. */
    public Optional<Person> find(UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT id, name, roles, manages_people FROM people WHERE id = :id AND disabled_at IS NULL""")
                .bind("id", id)
                .map((row, context) -> person(row))
                .findOne());
    }

    /** Everybody who is not disabled, by name. */
    public List<Person.Name> names() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT id, name FROM people WHERE disabled_at IS NULL ORDER BY name LIMIT 1000")
                .map((row, context) -> new Person.Name(row.getObject("id", UUID.class), row.getString("name")))
                .list());
    }

    public Optional<Person> named(String name) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT id, name, roles, manages_people FROM people WHERE name = :name AND disabled_at IS NULL""")
                .bind("name", name)
                .map((row, context) -> person(row))
                .findOne());
    }

    /** Gives somebody these roles and no others. A change ends their sessions: under new rights one comes in anew. */
    public Person setRoles(Person person, Set<Role> roles) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH changed AS (
                            UPDATE people SET roles = :roles WHERE id = :id AND roles <> CAST(:roles AS text[])
                            RETURNING id),
                        ended AS (
                            UPDATE sessions SET revoked_at = now() FROM changed
                            WHERE sessions.person = changed.id AND revoked_at IS NULL)
                        INSERT INTO audit (action, subject_kind, subject_id, details)
                        SELECT 'person.roles', 'person', id::text, jsonb_build_object('roles', to_jsonb(:roles))
                        FROM changed""")
                .bind("id", person.id())
                .bindArray("roles", String.class, labels(roles))
                .execute());
        return new Person(person.id(), person.name(), roles, person.managesPeople());
    }

    /** Whether this installation is so new that nobody can use it. */
    public boolean nobody() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT NOT EXISTS (SELECT FROM people)")
                .mapTo(Boolean.class)
                .one());
    }

    static Person person(ResultSet row) throws SQLException {
        return person(row.getObject("id", UUID.class), row);
    }

    static Person person(UUID id, ResultSet row) throws SQLException {
        Set<Role> roles = new LinkedHashSet<>();
        for (String label : (String[]) row.getArray("roles").getArray()) {
            roles.add(Role.of(label));
        }
        return new Person(id, row.getString("name"), roles, row.getBoolean("manages_people"));
    }

    static List<String> labels(Set<Role> roles) {
        return Arrays.stream(Role.values())
                .filter(roles::contains)
                .map(Role::label)
                .toList();
    }
}
