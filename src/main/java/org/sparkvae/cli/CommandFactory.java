package org.sparkvae.cli;

import java.lang.reflect.Constructor;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, giving each verb the one console and the words of the command line. */
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
    T made = constructor.newInstance();
    ((BaseCommand) made).attach(reporter, "sparkvae " + String.join(" ", arguments));
    return made;
  }
}
