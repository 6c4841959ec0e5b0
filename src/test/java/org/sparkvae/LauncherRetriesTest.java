package org.sparkvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When {@code submit/sparkvae} tries again, and what ends it. */
@Timeout(60)
class LauncherRetriesTest extends FakeProject {
  @ParameterizedTest
  @ValueSource(ints = {75, 134, 137, 139, 1, 2, 143})
  void withoutRetriesThereIsOneAttempt(int code) throws Exception {
    javaEnds(String.valueOf(code));
    assertThat(run("train")).isEqualTo(code);
    assertThat(attempts()).isEqualTo(1);
    assertThat(words(1)).doesNotContain("--run-id");
  }

  @Test
  void triesAgainWhatFailedOutsideWithTheSameRun() throws Exception {
    javaEnds("75", "75", "0");
    assertThat(run("run", "--retries", "3", "--epochs", "1")).isZero();
    assertThat(attempts()).isEqualTo(3);
    int runId = words(1).indexOf("--run-id");
    assertThat(words(1).get(runId + 1)).matches("\\d{4}-\\d\\d-\\d\\dT\\d{6}");
    assertThat(words(2)).isEqualTo(words(1));
    assertThat(words(3)).isEqualTo(words(1));
    assertThat(errors())
        .containsExactly(
            "sparkvae: something outside failed; attempt 2 of 4 in 5 s",
            "sparkvae: something outside failed; attempt 3 of 4 in 10 s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--run-id=mine", "--run-id mine"})
  void aRunIdThatIsGivenStays(String given) throws Exception {
    javaEnds("75", "0");
    List<String> words = new ArrayList<>(List.of("--retries=1", "train"));
    words.addAll(List.of(given.split(" ", -1)));
    assertThat(run(words.toArray(String[]::new))).isZero();
    assertThat(String.join(" ", words(2))).endsWith("train " + given);
  }

  @Test
  void onlyVerbsThatBeginARunGetAnId() throws Exception {
    javaEnds("75", "0");
    assertThat(run("data", "--retries", "1")).isZero();
    assertThat(words(2)).doesNotContain("--run-id");
  }

  @ParameterizedTest
  @CsvSource({"KILL,9", "SEGV,11", "ABRT,6"})
  void triesAgainWhenTheJvmIsKilled(String signal, int number) throws Exception {
    javaEnds(signal, "0");
    assertThat(run("train", "--retries", "1")).isZero();
    assertThat(errors())
        .containsExactly(
            "sparkvae: its JVM died of signal %d; attempt 2 of 2 in 5 s".formatted(number));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,2", "3,3", "4,4", "INT,130", "TERM,143"})
  void whatWouldNotHelpIsNotTriedAgain(String end, int code) throws Exception {
    javaEnds(end, "0");
    assertThat(run("train", "--retries", "3")).isEqualTo(code);
    assertThat(attempts()).isEqualTo(1);
  }

  @Test
  void theLastAttemptsCodeIsTheLaunchers() throws Exception {
    javaEnds("KILL", "75", "75", "75", "75", "75");
    assertThat(run("train", "--retries", "5")).isEqualTo(75);
    assertThat(attempts()).isEqualTo(6);
    assertThat(pauses()).isEqualTo("5 10 20 40 60");
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130"})
  void aSignalGoesToTheJobAndIsTheEnd(String signal, int code) throws Exception {
    javaEnds("75", "hang", "0");
    start("train", "--retries", "3");
    waitFor("java-2");
    send(signal);
    assertThat(end()).isEqualTo(code);
    assertThat(attempts()).isEqualTo(2);
  }

  @Test
  void aSignalInThePauseIsTheEndToo() throws Exception {
    javaEnds("75", "0");
    write("hang-in-pause", "");
    start("train", "--retries", "3");
    waitFor("pauses");
    send("TERM");
    assertThat(end()).isEqualTo(75);
    assertThat(attempts()).isEqualTo(1);
  }
}
