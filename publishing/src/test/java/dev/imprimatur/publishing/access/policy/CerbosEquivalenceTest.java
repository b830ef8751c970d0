package dev.imprimatur.publishing.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.policy.DecisionTable.Asker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our reading of the policy files against that of the engine whose format they are in. */
class CerbosEquivalenceTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> differences = new ArrayList<>();
    private final Map<Action, Set<Boolean>> decisions = new EnumMap<>(Action.class);
    private int count;

    @TempDir
    Path folder;

    @Test
    void cerbosFindsNothingWrongWithOurPolicies() {
        RealCerbos.Verdict verdict = RealCerbos.compile(PolicyFolder.OURS);
        assertThat(verdict.exitCode()).as(verdict.said()).isZero();
    }

    @Test
    void everyDecisionIsTheSame() throws IOException, InterruptedException {
        compare(PolicyFolder.OURS, DecisionTable.askers());
        assertThat(count).isGreaterThan(50_000);
        for (Action action : Action.values()) {
            assertThat(decisions.get(action))
                    .as("%s is allowed to some, and not to all", action)
                    .hasSize(2);
        }
    }

    /** What somebody may write into a condition, with what trips other evaluators. */
    @Test
    void conditionsThatWeDoNotUseMeanTheSame() throws IOException, InterruptedException {
        PolicyFolder policies = new PolicyFolder(folder);
        Map<Action, String> conditions = new HashMap<>();
        conditions.put(Action.CREATE_TOKEN, "R.attr.owner != P.id");
        conditions.put(Action.READ_TOKEN, "R.attr.owner == 1 || R.attr.owner >= 0");
        conditions.put(Action.REVOKE_TOKEN, "R.attr.owner < \"a\" || P.id.startsWith(\"2b\")");
        conditions.put(Action.LIST_TOKENS, "!(R.attr.owner == null) && R.attr.owner[0] == P.id");
        conditions.put(Action.READ_PERSON, "R.attr.person == R.attr.proposed_by");
        conditions.put(Action.ADD_PERSON, "R.attr.person in [P.id, null, 1.0]");
        conditions.put(Action.CHANGE_PERSON, "has(R.attr.person) ? R.attr.person != P.id : true");
        conditions.put(
                Action.DISABLE_PERSON, "R.attr.person.matches(\"^[0-9a-f-]{36}$\") && size(R.attr.person) == 36");
        conditions.put(Action.PROPOSE_CHANGE, "R.attr.person + R.attr.person == 2.0");
        conditions.put(Action.CONFIRM_CHANGE, "R.attr.person == P.id || R.attr.proposed_by == P.id");
        conditions.put(
                Action.END_SESSIONS,
                "type(R.attr.person) == type(R.attr.proposed_by) && !P.id.endsWith(\"x\") && P.id.contains(\"4\")");
        conditions.put(Action.READ_APPROVAL, "P.id in R.attr.hands_on");
        conditions.put(Action.DECIDE, "R.attr.hands_on.exists(one, one == P.id)");
        conditions.put(Action.APPROVE, "R.attr.hands_on.all(one, one != P.id)");
        conditions.put(Action.REQUEST_CHANGES, "R.attr.hands_on.exists_one(one, one == P.id || one == null)");
        conditions.put(Action.WITHDRAW_APPROVAL, "R.attr.hands_on.filter(one, one != P.id).size() == 1");
        policies.replaceConditions(conditions);
        compare(
                folder,
                DecisionTable.askers().stream()
                        .filter(asker -> asker.roles().contains("operator"))
                        .limit(4)
                        .toList());
        assertThat(conditions.keySet())
                .allSatisfy(action -> assertThat(decisions.get(action)).contains(true));
    }

    private void compare(Path policies, List<Asker> askers) throws IOException, InterruptedException {
        Policies ours = Policies.load(policies);
        try (RealCerbos cerbos = RealCerbos.start(policies);
                CerbosServer client = new CerbosServer(cerbos.url());
                HttpClient http = HttpClient.newHttpClient()) {
            List<Map.Entry<Action, Resource>> asked = new ArrayList<>();
            for (String kind : new TreeSet<>(
                    Arrays.stream(Action.values()).map(Action::kind).toList())) {
                for (Resource resource : DecisionTable.resources(kind)) {
                    Action.on(kind).forEach(action -> asked.add(Map.entry(action, resource)));
                }
            }
            for (Asker asker : askers) {
                Map<String, Boolean> theirs = ask(http, cerbos, asker);
                for (Map.Entry<Action, Resource> row : asked) {
                    Question question = new Question(
                            DecisionTable.ME, asker.roles(), asker.attributes(), row.getKey(), row.getValue());
                    String name = row.getValue().id() + " " + row.getKey().verb();
                    boolean our = ours.allow(question);
                    note(question, our, Boolean.TRUE.equals(theirs.get(name)));
                    if (count % 101 == 0) {
                        // The same by the way that a server takes, which asks one at a time.
                        note(question, our, client.ask(question) == Answer.ALLOWED);
                        assertThat(client.unanswered()).isZero();
                    }
                }
            }
        }
        assertThat(differences).as("of %d decisions", count).isEmpty();
    }

    private void note(Question question, boolean our, boolean their) {
        count++;
        decisions
                .computeIfAbsent(question.action(), action -> new java.util.HashSet<>())
                .add(our);
        if (our != their && differences.size() < 20) {
            differences.add("we say %s, Cerbos says %s: %s".formatted(our, their, question));
        }
    }

    /** All rows of one asker at once. */
    private static Map<String, Boolean> ask(HttpClient http, RealCerbos cerbos, Asker asker)
            throws IOException, InterruptedException {
        List<Map<String, Object>> resources = new ArrayList<>();
        for (String kind :
                new TreeSet<>(Arrays.stream(Action.values()).map(Action::kind).toList())) {
            for (Resource resource : DecisionTable.resources(kind)) {
                resources.add(Map.of(
                        "resource",
                        Map.of("kind", kind, "id", resource.id(), "attr", resource.attributes()),
                        "actions",
                        Action.on(kind).stream().map(Action::verb).toList()));
            }
        }
        Map<String, Object> body = Map.of(
                "principal",
                Map.of("id", DecisionTable.ME, "roles", asker.roles(), "attr", asker.attributes()),
                "resources",
                resources);
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(cerbos.url().resolve("/api/check/resources"))
                        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Map<String, Boolean> effects = new HashMap<>();
        for (JsonNode result : JSON.readTree(answer.body()).get("results")) {
            result.get("actions")
                    .properties()
                    .forEach(action -> effects.put(
                            result.get("resource").get("id").asString() + " " + action.getKey(),
                            action.getValue().asString().equals("EFFECT_ALLOW")));
        }
        return effects;
    }
}
