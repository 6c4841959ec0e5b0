package org.sparkvae;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages use one another in one direction only, as the design has it. */
class ImportsTest {
  private static final Path SOURCES = Path.of("src/main/java/org/sparkvae");

  /** Package to those it may use; names are below {@code org.sparkvae}. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("failure", Set.of()),
          entry("leftovers", Set.of()),
          entry("config", Set.of("failure")),
          entry("storage", Set.of("failure")),
          entry("model.noise", Set.of()),
          entry("model.cpu", Set.of("model.noise")),
          entry("linear", Set.of()),
          entry("model", Set.of("model.cpu", "model.noise", "linear", "failure", "config")),
          entry("report", Set.of("failure")),
          entry("report.page", Set.of("report", "config", "model")),
          entry("mnist", Set.of("failure", "storage", "config")),
          entry("spark", Set.of("failure", "leftovers", "model", "model.cpu")),
          entry(
              "reconstruction",
              Set.of("model", "model.cpu", "spark", "storage", "mnist", "failure")),
          entry("sampling", Set.of("model", "model.noise", "linear", "spark")),
          entry("export", Set.of("model")),
          entry("evaluation.metric", Set.of("linear")),
          entry(
              "evaluation",
              Set.of(
                  "evaluation.metric",
                  "failure",
                  "linear",
                  "model",
                  "model.cpu",
                  "spark",
                  "storage")),
          entry("training", Set.of("model", "model.noise", "storage", "failure", "config")),
          entry(
              "training.spark",
              Set.of("training", "model", "model.noise", "spark", "storage", "failure", "config")),
          entry(
              "doctor", Set.of("failure", "config", "storage", "model", "spark", "training.spark")),
          entry(
              "ml",
              Set.of(
                  "config",
                  "failure",
                  "model",
                  "reconstruction",
                  "spark",
                  "storage",
                  "training",
                  "training.spark")),
          entry(
              "run",
              Set.of(
                  "failure",
                  "config",
                  "doctor",
                  "evaluation",
                  "export",
                  "storage",
                  "model",
                  "model.noise",
                  "report",
                  "report.page",
                  "mnist",
                  "spark",
                  "reconstruction",
                  "sampling",
                  "training",
                  "training.spark")),
          entry(
              "cli",
              Set.of(
                  "run",
                  "doctor",
                  "config",
                  "failure",
                  "leftovers",
                  "mnist",
                  "model",
                  "training")));

  /** Begins names that only the packages listed may use. */
  private static final Map<String, Set<String>> ONLY_IN =
      Map.of(
          "org.apache.spark.",
          Set.of(
              "mnist",
              "spark",
              "reconstruction",
              "sampling",
              "evaluation",
              "ml",
              "training",
              "training.spark",
              "doctor",
              "run"),
          "org.deeplearning4j.spark.",
          Set.of("training.spark"),
          "org.nd4j.parameterserver.",
          Set.of("training.spark"),
          "picocli.",
          Set.of("cli"),
          "com.samskivert.",
          Set.of("report.page"));

  private static final Pattern NAME =
      Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.){2,}[A-Z]\\w*|\\bpicocli\\.[A-Z]\\w*");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");

  /** A use of a class by its full name, in an import or out of it. */
  private record Use(String file, String from, String name) {
    /** The package below {@code org.sparkvae} that the class is in, or an empty text. */
    String sibling() {
      return name.startsWith("org.sparkvae.")
          ? name.substring("org.sparkvae.".length(), name.lastIndexOf('.'))
          : "";
    }
  }

  private static List<Use> uses() throws IOException {
    List<Use> uses = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String relative = SOURCES.relativize(file).toString();
        String from = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
        String source = Files.readString(file, StandardCharsets.UTF_8);
        Matcher names = NAME.matcher(COMMENT.matcher(source).replaceAll(" "));
        while (names.find()) {
          uses.add(new Use(relative, from, names.group()));
        }
      }
    }
    return uses;
  }

  @Test
  void packagesUseOnlyThoseBelowThem() throws IOException {
    List<Use> uses = uses();
    assertThat(uses).as("imports found under " + SOURCES.toAbsolutePath()).hasSizeGreaterThan(300);
    Set<String> wrong = new TreeSet<>();
    for (Use use : uses) {
      Set<String> allowed = MAY_USE.getOrDefault(use.from(), Set.of());
      if (!use.sibling().isEmpty()
          && !use.sibling().equals(use.from())
          && !allowed.contains(use.sibling())) {
        wrong.add(
            "%s: uses %s, but '%s' may use only %s"
                .formatted(use.file(), use.name(), use.from(), new TreeSet<>(allowed)));
      }
    }
    assertThat(wrong).withFailMessage(() -> lines(wrong)).isEmpty();
  }

  @Test
  void librariesAreUsedOnlyWhereTheyBelong() throws IOException {
    Set<String> wrong = new TreeSet<>();
    for (Use use : uses()) {
      ONLY_IN.forEach(
          (prefix, packages) -> {
            if (use.name().startsWith(prefix) && !packages.contains(use.from())) {
              wrong.add(
                  "%s: uses %s, but only %s may use %s*"
                      .formatted(use.file(), use.name(), new TreeSet<>(packages), prefix));
            }
          });
    }
    assertThat(wrong).withFailMessage(() -> lines(wrong)).isEmpty();
  }

  /** No wildcard could hide a class from this test, and no package is missing from its list. */
  @Test
  void everyPackageIsListedAndEveryImportNamesAClass() throws IOException {
    Set<String> packages = new TreeSet<>();
    Set<String> wildcards = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        packages.add(SOURCES.relativize(file.getParent()).toString().replace('/', '.'));
        Files.readString(file, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.matches("import .*\\.\\*;"))
            .forEach(line -> wildcards.add(SOURCES.relativize(file) + ": " + line));
      }
    }
    assertThat(packages).isEqualTo(new TreeSet<>(MAY_USE.keySet()));
    assertThat(wildcards).isEmpty();
  }

  private static String lines(Set<String> wrong) {
    return wrong.stream().collect(Collectors.joining("\n", "imports against the design:\n", ""));
  }
}
