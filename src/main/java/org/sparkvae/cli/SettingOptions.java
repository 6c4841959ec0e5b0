package org.sparkvae.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.sparkvae.config.Setting;
import org.sparkvae.config.SettingDeclaration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The options of the settings in one section. */
final class SettingOptions implements OptionSection {
  private final Setting.Section section;

  SettingOptions(Setting.Section section) {
    this.section = section;
  }

  @Override
  public String heading() {
    return StringUtils.capitalize(section.name().toLowerCase(Locale.ROOT));
  }

  /** Adds the options; picocli calls it. */
  @Spec
  void addTo(CommandSpec mixin) {
    SettingDeclaration.ALL.stream()
        .filter(setting -> setting.details().section() == section)
        .map(SettingOptions::option)
        .forEach(mixin::addOption);
  }

  private static List<String> completions(Class<?> type) {
    return type.isEnum() ? Stream.of(type.getEnumConstants()).map(String::valueOf).toList() : null;
  }

  private static OptionSpec option(SettingDeclaration setting) {
    Setting details = setting.details();
    return OptionSpec.builder("--" + setting.name())
        .paramLabel(details.label())
        // SettingsReader converts the value, with the same messages as for a configuration file.
        .type(String.class)
        .completionCandidates(completions(setting.type()))
        .description(
            "%s (default: %s)."
                .formatted(
                    StringUtils.removeEnd(details.description(), "."), details.defaultValue()))
        .build();
  }
}
