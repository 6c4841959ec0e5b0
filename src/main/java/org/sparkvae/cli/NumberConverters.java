package org.sparkvae.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The conversion of numbers on the command line, with messages without the names of Java types. */
final class NumberConverters {
  private NumberConverters() {}

  /** Registers the converters for a program and its commands. */
  static void register(CommandLine program) {
    ITypeConverter<Integer> integer =
        converter(Integer::valueOf, "a whole number of at most " + Integer.MAX_VALUE);
    ITypeConverter<Double> decimal = converter(Double::valueOf, "a number");
    program.registerConverter(int.class, integer);
    program.registerConverter(Integer.class, integer);
    program.registerConverter(Double.class, decimal);
  }

  private static <T> ITypeConverter<T> converter(Function<String, T> parser, String expected) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("expected %s, found '%s'".formatted(expected, text));
      }
    };
  }
}
