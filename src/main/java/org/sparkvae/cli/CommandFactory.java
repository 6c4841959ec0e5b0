package org.sparkvae.cli;

import java.lang.reflect.Constructor;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Creates the commands and gives each the console and the command line. */
final class CommandFactory implements IFactory {
  private final ConsoleReporter reporter;
  private final List<String> arguments;

  CommandFactory(ConsoleReporter reporter, List<String> arguments) {
    this.reporter = reporter;
    this.arguments = arguments;
  }

  @Override
  public <T> T create(Class<T> type) throws Exception {
    if (!BaseCommand.class.isAssignableFrom(type)) {
      return CommandLine.defaultFactory().create(type);
    }
    Constructor<T> constructor = type.getDeclaredConstructor();
    T command = constructor.newInstance();
    ((BaseCommand) command).attach(reporter, "sparkvae " + String.join(" ", arguments));
    return command;
  }
}
