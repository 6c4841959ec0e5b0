package org.sparkvae.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.testing.FakeProject;

/** Tests when {@code submit/sparkvae} retries a job and when it stops. */
@Timeout(180)
class LauncherRetriesIT extends FakeProject {
  @ParameterizedTest
  @ValueSource(ints = {75, 137, 1})
  void runsOnceWithoutRetries(int code) throws Exception {
    setJavaExits(String.valueOf(code));
    assertThat(run("train")).isEqualTo(code);
    assertThat(attempts()).isEqualTo(1);
    assertThat(javaArguments(1)).doesNotContain("--run-id");
  }

  @Test
  void retriesATemporaryFailureWithTheSameRunId() throws Exception {
    setJavaExits("75", "75", "0");
    assertThat(run("run", "--retries", "3", "--epochs", "1")).isZero();
    assertThat(attempts()).isEqualTo(3);
    int runId = javaArguments(1).indexOf("--run-id");
    // The same form as that of TrainingCommand.
    assertThat(javaArguments(1).get(runId + 1))
        .matches("20\\d\\d-\\d\\d-\\d\\dT\\d{6}-[0-9a-f]{6}");
    assertThat(javaArguments(2)).isEqualTo(javaArguments(1));
    assertThat(javaArguments(3)).isEqualTo(javaArguments(1));
    assertThat(errors())
        .containsExactly(
            "sparkvae: attempt 1 of 4: temporary failure (exit code 75). Attempt 2 starts in 5 s.",
            "sparkvae: attempt 2 of 4: temporary failure (exit code 75). Attempt 3 starts in 10 s.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--run-id=mine", "--run-id mine"})
  void keepsAGivenRunId(String option) throws Exception {
    setJavaExits("75", "0");
    List<String> arguments = new ArrayList<>(List.of("--retries=1", "train"));
    arguments.addAll(List.of(option.split(" ", -1)));
    assertThat(run(arguments.toArray(String[]::new))).isZero();
    assertThat(String.join(" ", javaArguments(2))).endsWith("train " + option);
  }

  @Test
  void addsARunIdOnlyToCommandsThatStartARun() throws Exception {
    setJavaExits("75", "0");
    assertThat(run("data", "--retries", "1")).isZero();
    assertThat(javaArguments(2)).doesNotContain("--run-id");
  }

  @ParameterizedTest
  @CsvSource({"KILL,9", "SEGV,11", "ABRT,6"})
  void retriesIfTheJvmIsKilled(String signal, int number) throws Exception {
    setJavaExits(signal, "0");
    assertThat(run("train", "--retries", "1")).isZero();
    assertThat(errors())
        .containsExactly(
            "sparkvae: attempt 1 of 2: the JVM was killed by signal %d. Attempt 2 starts in 5 s."
                .formatted(number));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,2", "3,3", "4,4", "INT,130", "TERM,143"})
  void doesNotRetryOtherExitCodes(String exit, int code) throws Exception {
    setJavaExits(exit, "0");
    assertThat(run("train", "--retries", "3")).isEqualTo(code);
    assertThat(attempts()).isEqualTo(1);
  }

  @Test
  void returnsTheExitCodeOfTheLastAttempt() throws Exception {
    setJavaExits("KILL", "75", "75", "75", "75", "75");
    assertThat(run("train", "--retries", "5")).isEqualTo(75);
    assertThat(attempts()).isEqualTo(6);
    assertThat(delays()).isEqualTo("5 10 20 40 60");
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130"})
  void forwardsASignalToTheJobAndStops(String signal, int code) throws Exception {
    setJavaExits("75", "hang", "0");
    start("train", "--retries", "3");
    waitFor("java-2");
    sendSignal(signal);
    assertThat(awaitExit()).isEqualTo(code);
    assertThat(attempts()).isEqualTo(2);
  }

  @Test
  void stopsOnASignalBetweenAttempts() throws Exception {
    setJavaExits("75", "0");
    write("hang-in-delay", "");
    start("train", "--retries", "3");
    waitFor("delays");
    sendSignal("TERM");
    assertThat(awaitExit()).isEqualTo(75);
    assertThat(attempts()).isEqualTo(1);
  }
}
