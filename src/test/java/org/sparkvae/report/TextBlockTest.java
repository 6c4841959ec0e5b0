package org.sparkvae.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;
import org.junit.jupiter.api.Test;

class TextBlockTest {
  private static final Font FONT = Fonts.plain(12);

  @Test
  void keepsShortTextOnOneLine() {
    assertThat(TextBlock.wrapped(" Figure 1:\n digits ", FONT, 1000).lines())
        .containsExactly("Figure 1: digits");
  }

  @Test
  void wrapsAllWordsWithinTheWidth() {
    String text = "Generated images which are randomly selected from outputs of the model";

    TextBlock block = TextBlock.wrapped(text, FONT, 120);

    assertThat(block.lines()).hasSizeGreaterThan(2);
    assertThat(String.join(" ", block.lines())).isEqualTo(text);
    assertThat(block.lines())
        .allSatisfy(
            line ->
                assertThat(FONT.getStringBounds(line, Fonts.CONTEXT).getWidth())
                    .isLessThanOrEqualTo(120));
  }

  @Test
  void breaksAWordWiderThanTheBlock() {
    String word = "w".repeat(100);

    TextBlock block = TextBlock.wrapped(word, FONT, 90);

    assertThat(block.lines()).hasSizeGreaterThan(5);
    assertThat(String.join("", block.lines())).isEqualTo(word);
    assertThat(TextBlock.wrapped("ww", FONT, 1).lines()).containsExactly("w", "w");
  }

  @Test
  void hasNoHeightWithoutText() {
    assertThat(TextBlock.wrapped("  ", FONT, 90).height()).isZero();
  }
}
