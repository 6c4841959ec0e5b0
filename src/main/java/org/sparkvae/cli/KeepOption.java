package org.sparkvae.cli;

import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How many finished runs stay when one is published. */
final class KeepOption {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description =
          "after publishing delete finished runs of --output but for the newest N and the published one (default: all stay)")
  private Integer keep;

  /** Empty where all stay. */
  OptionalInt count() {
    if (keep == null) {
      return OptionalInt.empty();
    }
    if (keep < 1) {
      throw new ParameterException(spec.commandLine(), "--keep %d: 1 or more".formatted(keep));
    }
    return OptionalInt.of(keep);
  }
}
