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

/** Tests that packages depend on each other in one direction only, as the design requires. */
class ImportsTest {
  private static final Path SOURCES = Path.of("src/main/java/org/sparkvae");

  /** Maps each package to the packages that it can use; names are relative to org.sparkvae. */
  private static final Map<String, Set<String>> ALLOWED_PACKAGES =
      Map.ofEntries(
          entry("exception", Set.of()),
          entry("image", Set.of()),
          entry("cleanup", Set.of()),
          entry("config", Set.of("exception")),
          entry("storage", Set.of("exception")),
          entry("model.noise", Set.of()),
          entry("model.cpu", Set.of("image", "model.noise")),
          entry("linalg", Set.of()),
          entry(
              "model",
              Set.of("image", "model.cpu", "model.noise", "linalg", "exception", "config")),
          entry("report", Set.of("image", "exception")),
          entry("report.page", Set.of("image", "report", "config", "evaluation", "model")),
          entry("mnist", Set.of("image", "exception", "storage", "config")),
          entry("spark", Set.of("exception", "cleanup", "model", "model.cpu")),
          entry(
              "reconstruction",
              Set.of("model", "model.cpu", "spark", "storage", "mnist", "exception")),
          entry("sampling", Set.of("image", "model", "model.noise", "linalg", "spark")),
          entry("export", Set.of("image", "model")),
          entry("evaluation.metric", Set.of("linalg")),
          entry(
              "evaluation",
              Set.of(
                  "image",
                  "evaluation.metric",
                  "exception",
                  "linalg",
                  "mnist",
                  "model",
                  "model.cpu",
                  "spark",
                  "storage")),
          entry(
              "training",
              Set.of("image", "model", "model.noise", "storage", "exception", "config")),
          entry(
              "training.spark",
              Set.of(
                  "training", "model", "model.noise", "spark", "storage", "exception", "config")),
          entry(
              "doctor",
              Set.of("exception", "config", "storage", "model", "spark", "training.spark")),
          entry(
              "ml",
              Set.of(
                  "image",
                  "config",
                  "exception",
                  "model",
                  "reconstruction",
                  "spark",
                  "storage",
                  "training",
                  "training.spark")),
          entry(
              "run",
              Set.of(
                  "exception",
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
                  "exception",
                  "cleanup",
                  "mnist",
                  "model",
                  "training")));

  /** Maps the prefix of a library's classes to the only packages that can use them. */
  private static final Map<String, Set<String>> ALLOWED_USERS =
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

  private static final Pattern CLASS_NAME =
      Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.){2,}[A-Z]\\w*|\\bpicocli\\.[A-Z]\\w*");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");

  /** A use of a class by its full name, in an import or elsewhere. */
  private record Use(String file, String from, String name) {
    /** Returns the package of the class relative to org.sparkvae, or "" for other libraries. */
    String usedPackage() {
      return name.startsWith("org.sparkvae.")
          ? name.substring("org.sparkvae.".length(), name.lastIndexOf('.'))
          : "";
    }
  }

  private static List<Use> uses() throws IOException {
    List<Use> uses = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String relative = SOURCES.relativize(file).toString();
        String from = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
        String source = Files.readString(file, StandardCharsets.UTF_8);
        Matcher names = CLASS_NAME.matcher(COMMENT.matcher(source).replaceAll(" "));
        while (names.find()) {
          uses.add(new Use(relative, from, names.group()));
        }
      }
    }
    return uses;
  }

  @Test
  void packagesUseOnlyAllowedPackages() throws IOException {
    List<Use> uses = uses();
    assertThat(uses).as("imports found under " + SOURCES.toAbsolutePath()).hasSizeGreaterThan(300);
    Set<String> violations = new TreeSet<>();
    for (Use use : uses) {
      Set<String> allowed = ALLOWED_PACKAGES.getOrDefault(use.from(), Set.of());
      if (!use.usedPackage().isEmpty()
          && !use.usedPackage().equals(use.from())
          && !allowed.contains(use.usedPackage())) {
        violations.add(
            "%s: uses %s, but package '%s' can use only %s"
                .formatted(use.file(), use.name(), use.from(), new TreeSet<>(allowed)));
      }
    }
    assertThat(violations).withFailMessage(() -> lines(violations)).isEmpty();
  }

  @Test
  void librariesAreUsedOnlyInAllowedPackages() throws IOException {
    Set<String> violations = new TreeSet<>();
    for (Use use : uses()) {
      ALLOWED_USERS.forEach(
          (prefix, packages) -> {
            if (use.name().startsWith(prefix) && !packages.contains(use.from())) {
              violations.add(
                  "%s: uses %s, but only %s can use %s*"
                      .formatted(use.file(), use.name(), new TreeSet<>(packages), prefix));
            }
          });
    }
    assertThat(violations).withFailMessage(() -> lines(violations)).isEmpty();
  }

  /** Wildcard imports would hide uses from this test. */
  @Test
  void allPackagesAreListedAndNoImportIsAWildcard() throws IOException {
    Set<String> packages = new TreeSet<>();
    Set<String> wildcards = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        packages.add(SOURCES.relativize(file.getParent()).toString().replace('/', '.'));
        Files.readString(file, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.matches("import .*\\.\\*;"))
            .forEach(line -> wildcards.add(SOURCES.relativize(file) + ": " + line));
      }
    }
    assertThat(packages).isEqualTo(new TreeSet<>(ALLOWED_PACKAGES.keySet()));
    assertThat(wildcards).isEmpty();
  }

  private static String lines(Set<String> violations) {
    return violations.stream()
        .collect(Collectors.joining("\n", "imports that violate the design:\n", ""));
  }
}
