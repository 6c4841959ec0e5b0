package org.sparkvae.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessClockTest {
  /** Each row: seconds between two readings, and the seconds that count. */
  @ParameterizedTest
  @CsvSource({
    "1 1 1, 3",
    "1 5 1, 7",
    "1 6 1, 2",
    "35, 0",
    "1 60 1 35 1, 3",
    "600, 0",
    "4 4 4 4, 16",
    "1 1000000000 2, 3",
  })
  void doesNotCountGapsInWhichTheProcessCouldNotRun(String gaps, long seconds) {
    long[] times = Arrays.stream(gaps.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    Arrays.parallelPrefix(times, Long::sum);
    // A clock of the system can start anywhere, near an overflow too.
    long start = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();
    Iterator<Long> readings =
        LongStream.concat(
                LongStream.of(start, start),
                Arrays.stream(times).map(time -> start + Duration.ofSeconds(time).toNanos()))
            .iterator();
    ProcessClock clock = new ProcessClock(readings::next);
    long first = clock.read();

    long last = first;
    for (int i = 0; i < times.length; i++) {
      last = clock.read();
    }

    assertThat(Duration.ofNanos(last - first)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
