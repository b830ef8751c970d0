package dev.imprimatur.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void theMedianIsTheMiddleOfAnOddNumber() {
        assertThat(Figures.of(List.of(9.0, 1.0, 2.0), Double::doubleValue)).isEqualTo(new Figures(2, 1, 9));
    }

    @Test
    void theMedianLiesBetweenTheTwoInTheMiddleOfAnEvenNumber() {
        assertThat(Figures.of(List.of(4.0, 1.0, 2.0, 9.0), Double::doubleValue)).isEqualTo(new Figures(3, 1, 9));
    }

    @Test
    void theyAreShownWithTheirSpread() {
        assertThat(new Figures(1234.5678, 0.5, 9).show(2)).isEqualTo("1,234.57 (0.50–9.00)");
    }
}
