package dev.imprimatur.server.api;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Action;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.content.Text;
import dev.imprimatur.publishing.flags.FeatureFlags;
import dev.imprimatur.publishing.outlets.Outlets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/feature-flags", produces = MediaType.APPLICATION_JSON_VALUE)
final class FeatureFlagsApi {
    private static final int LONGEST_REASON = 1_000;

    private final FeatureFlags flags;
    private final Outlets outlets;

    FeatureFlagsApi(FeatureFlags flags, Outlets outlets) {
        this.flags = flags;
        this.outlets = outlets;
    }

    record Switched(@Nullable String mode, @Nullable String reason) {}

    record Stopped(@Nullable Boolean stopped, @Nullable String reason) {}

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
    FlagsJson list(@AuthenticationPrincipal Principal principal) {
        Action.READ.require(principal);
        return new FlagsJson(
                flags.globalStop(),
                flags.of(List.copyOf(outlets.names())).stream()
                        .map(FlagJson::of)
                        .toList());
    }

    @GetMapping("/{outlet}")
    FlagJson read(@AuthenticationPrincipal Principal principal, @PathVariable String outlet) {
        Action.READ.require(principal);
        return FlagJson.of(flags.of(List.of(outlets.named(outlet).name())).getFirst());
    }

    @PutMapping("/{outlet}")
    FlagJson set(
            @AuthenticationPrincipal Principal principal, @PathVariable String outlet, @RequestBody Switched switched) {
        FeatureFlags.Mode mode = FeatureFlags.Mode.of(switched.mode());
        (mode == FeatureFlags.Mode.OFF ? Action.SWITCH_OFF : Action.SWITCH_ON).require(principal);
        return FlagJson.of(flags.set(principal, outlets.named(outlet).name(), mode, reason(switched.reason())));
    }

    @GetMapping("/global-stop")
    FeatureFlags.GlobalStop globalStop(@AuthenticationPrincipal Principal principal) {
        Action.READ.require(principal);
        return flags.globalStop();
    }

    @PutMapping("/global-stop")
    FeatureFlags.GlobalStop set(@AuthenticationPrincipal Principal principal, @RequestBody Stopped stopped) {
        if (stopped.stopped() == null) {
            throw RefusedException.field("/stopped", "write true or false");
        }
        (stopped.stopped() ? Action.SWITCH_OFF : Action.SWITCH_ON).require(principal);
        return flags.set(principal, new FeatureFlags.GlobalStopRequest(stopped.stopped(), reason(stopped.reason())));
    }

    private static @Nullable String reason(@Nullable String reason) {
        return reason == null ? null : Text.multiline("/reason", reason, LONGEST_REASON);
    }
}
