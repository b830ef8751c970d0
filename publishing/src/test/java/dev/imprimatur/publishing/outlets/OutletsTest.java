package dev.imprimatur.publishing.outlets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.content.Manuscript;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutletsTest {

    @Test
    void anOutletIsFoundByItsName() {
        Outlet feed = new Named("feed");

        assertThat(new Outlets(List.of(new Named("webhook"), feed)).named("feed"))
                .isSameAs(feed);
    }

    @Test
    void anUnknownNameIsRefusedAndTheKnownOnesAreListed() {
        Outlets outlets = new Outlets(List.of(new Named("webhook"), new Named("feed")));

        RefusedException refusal = catchThrowableOfType(RefusedException.class, () -> outlets.named("Feed"));

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_OUTLET);
        assertThat(refusal.detail()).isEqualTo("There is no outlet \"Feed\"; there are: feed, webhook");
        assertThat(outlets.names()).containsExactly("feed", "webhook");
    }

    @Test
    void twoOutletsCannotShareAName() {
        assertThatThrownBy(() -> new Outlets(List.of(new Named("feed"), new Named("feed"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("feed");
    }

    private record Named(String name) implements Outlet {
        @Override
        public String render(Manuscript manuscript) {
            return manuscript.title();
        }

        @Override
        public Delivery deliver(Post post) {
            return new Delivery.Refused("it only has a name");
        }

        @Override
        public AfterUnknown afterUnknown() {
            return AfterUnknown.ASK;
        }
    }
}
