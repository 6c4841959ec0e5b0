package org.sparkvae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkvae.doctor.Finding;
import org.sparkvae.doctor.Finding.Level;
import picocli.CommandLine.Help.Ansi;

class FindingsTableTest {
  private static final List<Finding> FINDINGS =
      List.of(
          new Finding("driver", "Java", Level.OK, "17.0.15", ""),
          new Finding("executor 0 (host)", "/dev/shm", Level.WARNING, "100 MiB free", "more"),
          new Finding("driver", "UDP", Level.EXTERNAL_FAILURE, "0 of 20", "open it"));

  @Test
  void alignsColumnsAndPrintsCuresBelow() {
    assertThat(FindingsTable.lines(FINDINGS, Ansi.OFF))
        .containsExactly(
            "driver             Java      ok       17.0.15",
            "executor 0 (host)  /dev/shm  warning  100 MiB free",
            "                                      -> more",
            "driver             UDP       failure  0 of 20",
            "                                      -> open it");
  }

  @Test
  void printsColorsOnATerminal() {
    assertThat(FindingsTable.lines(FINDINGS, Ansi.ON).get(0)).contains("\u001b[32mok     \u001b[");
  }
}
