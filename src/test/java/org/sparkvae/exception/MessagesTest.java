package org.sparkvae.exception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests that the messages of expected failures follow the pattern "what, where: why. What to do."
 * They consist of sentences, and the last one ends with a period, a value or a command.
 */
class MessagesTest {
  private static final Pattern EXCEPTION =
      Pattern.compile(
          "new (?:Configuration|InputData|Transient|Divergence|Threshold)Exception\\(\\s*"
              + "((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*\\+?\\s*)+)");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** A reason that a caller embeds in its message, such as "it is not a complete archive". */
  private static final Pattern EMBEDDED_REASON = Pattern.compile("its? .*[^.]");

  private static final Pattern SENTENCES =
      Pattern.compile("[^;]*([.?] ?|%s|: |submit/sparkvae data)");

  @Test
  void messagesOfExpectedFailuresAreSentences() throws IOException {
    List<String> messages = new ArrayList<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        String code = Files.readString(source, StandardCharsets.UTF_8);
        EXCEPTION.matcher(code).results().map(MessagesTest::message).forEach(messages::add);
      }
    }
    assertThat(messages)
        .hasSizeGreaterThan(50)
        .allSatisfy(
            message -> assertThat(message).matches(text -> isReason(text) || isSentences(text)));
  }

  private static String message(MatchResult exception) {
    return LITERAL
        .matcher(exception.group(1))
        .results()
        .map(literal -> literal.group(1))
        .collect(Collectors.joining());
  }

  private static boolean isReason(String text) {
    return EMBEDDED_REASON.matcher(text).matches();
  }

  private static boolean isSentences(String text) {
    return SENTENCES.matcher(text).matches();
  }
}
