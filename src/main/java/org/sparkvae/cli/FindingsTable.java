package org.sparkvae.cli;

import java.util.ArrayList;
import java.util.List;
import org.sparkvae.doctor.Finding;
import picocli.CommandLine.Help.Ansi;

/** Findings as lines with aligned columns, each cure on the line below. */
final class FindingsTable {
  private FindingsTable() {}

  static List<String> lines(List<Finding> findings, Ansi ansi) {
    int where = findings.stream().mapToInt(each -> each.process().length()).max().orElse(0);
    int check = findings.stream().mapToInt(each -> each.check().length()).max().orElse(0);
    String row = "%-" + where + "s  %-" + check + "s  ";
    String indent = " ".repeat(where + check + 4 + "failure  ".length());
    List<String> lines = new ArrayList<>();
    for (Finding each : findings) {
      lines.add(
          row.formatted(each.process(), each.check())
              + word(each.level(), ansi)
              + "  "
              + each.result());
      if (!each.fix().isEmpty()) {
        lines.add(indent + "-> " + each.fix());
      }
    }
    return lines;
  }

  private static String word(Finding.Level level, Ansi ansi) {
    String style =
        switch (level) {
          case OK -> "green";
          case WARNING -> "yellow";
          case WRONG_SETTING, EXTERNAL_FAILURE -> "bold,red";
        };
    return ansi.string("@|%s %-7s|@".formatted(style, level));
  }
}
