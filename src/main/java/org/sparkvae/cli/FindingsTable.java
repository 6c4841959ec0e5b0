package org.sparkvae.cli;

import java.util.ArrayList;
import java.util.List;
import org.sparkvae.doctor.Finding;
import picocli.CommandLine.Help.Ansi;

/** Findings as lines with aligned columns, each fix on the line below. */
final class FindingsTable {
  private FindingsTable() {}

  static List<String> lines(List<Finding> findings, Ansi ansi) {
    int where = findings.stream().mapToInt(finding -> finding.process().length()).max().orElse(0);
    int check = findings.stream().mapToInt(finding -> finding.check().length()).max().orElse(0);
    String row = "%-" + where + "s  %-" + check + "s  ";
    String indent = " ".repeat(where + check + 4 + "failure  ".length());
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      lines.add(
          row.formatted(finding.process(), finding.check())
              + coloredLevel(finding.level(), ansi)
              + "  "
              + finding.result());
      if (!finding.fix().isEmpty()) {
        lines.add(indent + "-> " + finding.fix());
      }
    }
    return lines;
  }

  private static String coloredLevel(Finding.Level level, Ansi ansi) {
    String style =
        switch (level) {
          case OK -> "green";
          case WARNING -> "yellow";
          case WRONG_SETTING, EXTERNAL_FAILURE -> "bold,red";
        };
    return ansi.string("@|%s %-7s|@".formatted(style, level));
  }
}
