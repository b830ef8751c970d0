package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.content.Text;
import dev.imprimatur.publishing.flags.FeatureFlags;
import dev.imprimatur.publishing.outlets.Outlets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/feature-flags", produces = MediaType.APPLICATION_JSON_VALUE)
final class FeatureFlagsApi {
    private static final int LONGEST_REASON = 1_000;

    private final FeatureFlags flags;
    private final Outlets outlets;
    private final Policy policy;

    FeatureFlagsApi(FeatureFlags flags, Outlets outlets, Policy policy) {
        this.flags = flags;
        this.outlets = outlets;
        this.policy = policy;
    }

    record Switched(@Nullable String mode, @Nullable String reason) {
        /** @throws RefusedException every fault at once */
        Switch meant() {
            Faults faults = new Faults();
            FeatureFlags.Mode to = faults.take(() -> FeatureFlags.Mode.of(mode));
            String why = faults.take(() -> FeatureFlagsApi.reason(reason));
            faults.refuse();
            return new Switch(Objects.requireNonNull(to), why);
        }
    }

    record Switch(FeatureFlags.Mode mode, @Nullable String reason) {}

    record Stopped(@Nullable Boolean stopped, @Nullable String reason) {
        /** @throws RefusedException every fault at once */
        FeatureFlags.GlobalStopRequest meant() {
            Faults faults = new Faults();
            if (stopped == null) {
                faults.add(ErrorCode.INVALID_FIELD, "/stopped", "write true or false");
            }
            String why = faults.take(() -> FeatureFlagsApi.reason(reason));
            faults.refuse();
            return new FeatureFlags.GlobalStopRequest(Objects.requireNonNull(stopped), why);
        }
    }

    record FlagJson(
            String outlet,
            String mode,
            int requiredApprovals,
            @Nullable String reason,
            @Nullable UUID changedBy,
            @Nullable Instant changedAt) {
        static FlagJson of(FeatureFlags.Flag flag) {
            return new FlagJson(
                    flag.outlet(),
                    flag.mode().label(),
                    flag.requiredApprovals(),
                    flag.reason(),
                    flag.changedBy(),
                    flag.changedAt());
        }
    }

    record FlagsJson(FeatureFlags.GlobalStop globalStop, List<FlagJson> items) {}

    @GetMapping
    @Requires(Action.READ_FEATURE_FLAG)
    FlagsJson list(@AuthenticationPrincipal Principal principal) {
        return new FlagsJson(
                flags.globalStop(),
                flags.of(List.copyOf(outlets.within(principal.scope()).names())).stream()
                        .map(FlagJson::of)
                        .toList());
    }

    @GetMapping("/{outlet}")
    @Requires(Action.READ_FEATURE_FLAG)
    FlagJson read(@PathVariable String outlet) {
        requireOutlet(outlet);
        return FlagJson.of(flags.of(List.of(outlet)).getFirst());
    }

    @PutMapping("/{outlet}")
    @Requires(Action.SWITCH)
    FlagJson set(@AuthenticationPrincipal Principal principal, @PathVariable String outlet, JsonBody<Switched> body) {
        Switch to = body.read(Switched::meant, () -> requireOutlet(outlet));
        policy.require(principal, to.mode() == FeatureFlags.Mode.OFF ? Action.SWITCH_OFF : Action.SWITCH_ON);
        requireOutlet(outlet);
        return FlagJson.of(flags.set(principal, outlet, to.mode(), to.reason()));
    }

    @GetMapping("/global-stop")
    @Requires(Action.READ_FEATURE_FLAG)
    FeatureFlags.GlobalStop globalStop() {
        return flags.globalStop();
    }

    @PutMapping("/global-stop")
    @Requires(Action.SWITCH)
    FeatureFlags.GlobalStop set(@AuthenticationPrincipal Principal principal, JsonBody<Stopped> body) {
        FeatureFlags.GlobalStopRequest to = body.read(Stopped::meant);
        policy.require(principal, to.stopped() ? Action.STOP : Action.LIFT_STOP);
        return flags.set(principal, to);
    }

    private void requireOutlet(String outlet) {
        if (!outlets.names().contains(outlet)) {
            throw new RefusedException(ErrorCode.NOT_FOUND, "there is no outlet of this name");
        }
    }

    private static @Nullable String reason(@Nullable String reason) {
        return reason == null ? null : Text.multiline("/reason", reason, LONGEST_REASON);
    }
}
