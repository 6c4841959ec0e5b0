package org.sparkvae.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.exception.ConfigurationException;

class HadoopSettingsTest {
  @TempDir Path directory;

  private static Configuration settings(String... keysAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.setProperty(keysAndValues[i], keysAndValues[i + 1]);
    }
    return HadoopSettings.of(properties);
  }

  @ParameterizedTest
  @CsvSource({
    "spark.hadoop.fs.defaultFS, hdfs://name:8020, fs.defaultFS",
    "spark.hadoop.fs.foo.impl, a.b.Foo, fs.foo.impl",
    "spark.hadoop.hadoop.security.authentication, kerberos, hadoop.security.authentication",
    "spark.hadoop.dfs.client.use.datanode.hostname, true, dfs.client.use.datanode.hostname",
    "spark.hadoop.some.key, a value with spaces, some.key",
    "spark.hadoop.fs.permissions.umask-mode, 027, fs.permissions.umask-mode"
  })
  void containTheSettingsGivenToSpark(String name, String value, String key) {
    assertThat(settings(name, value).get(key)).isEqualTo(value);
  }

  @Test
  void ignoreOtherSettings() {
    Configuration settings = settings("spark.hadoop.", "a", "fs.defaultFS", "b", "spark.b", "c");
    assertThat(settings.get("fs.defaultFS")).isEqualTo("file:///");
    assertThat(settings.get("spark.b")).isNull();
  }

  /** The launcher puts HADOOP_CONF_DIR on the class path. */
  @Test
  void containThoseOfTheSitesFileUnlessSparkHasOthers() throws Exception {
    Files.writeString(
        directory.resolve("core-site.xml"),
        """
        <configuration>
          <property><name>fs.defaultFS</name><value>hdfs://site:8020</value></property>
          <property><name>site.key</name><value>of site</value></property>
        </configuration>
        """);
    withSite(
        () -> {
          assertThat(settings().get("fs.defaultFS")).isEqualTo("hdfs://site:8020");
          Configuration both = settings("spark.hadoop.fs.defaultFS", "hdfs://spark:8020");
          assertThat(both.get("fs.defaultFS")).isEqualTo("hdfs://spark:8020");
          assertThat(both.get("site.key")).isEqualTo("of site");
        });
  }

  /** Runs an action with the temporary directory on the class path. */
  private void withSite(Runnable action) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      action.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<configuration>", "", "<a", "<configuration>&x;</configuration>", "{}"})
  void malformedFileOfASiteIsAConfigurationError(String content) throws Exception {
    Files.writeString(directory.resolve("core-site.xml"), content);
    assertThatThrownBy(() -> withSite(HadoopSettingsTest::settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("HADOOP_CONF_DIR", "core-site.xml");
  }

  /** A file system of a site, which has a scheme of its own. */
  public static final class SiteFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("site:///");
    }

    @Override
    public String getScheme() {
      return "site";
    }
  }

  @Test
  void openTheFileSystemOfASite() {
    Configuration settings = settings("spark.hadoop.fs.site.impl", SiteFileSystem.class.getName());
    Storage storage = Storage.at("site://" + directory, settings);
    storage.child("a").writeText("b", "first");
    storage.child("a").writeText("b", "second");
    assertThat(storage.createIfAbsent("c", "")).isTrue();
    assertThat(storage.createIfAbsent("c", "")).isFalse();
    assertThat(storage.path("a/b")).isEqualTo("site:%s/a/b".formatted(directory));
    assertThat(storage.list()).containsExactly("a", "c");
    assertThat(directory.resolve("a/b")).hasContent("second");
  }

  @Test
  void openTheDefaultFileSystem() {
    Configuration settings =
        settings(
            "spark.hadoop.fs.site.impl",
            SiteFileSystem.class.getName(),
            "spark.hadoop.fs.defaultFS",
            "site:///");
    assertThat(Storage.at(directory.toString(), settings)).hasToString("site:" + directory);
  }

  @ParameterizedTest
  @CsvSource({"foo:///a, foo", "bar://host/a, bar", "nosuchfs://host:1/a, nosuchfs"})
  void unknownFileSystemIsAConfigurationError(String path, String scheme) {
    assertThatThrownBy(() -> Storage.at(path, settings()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no file system is configured for '%s:'".formatted(scheme))
        .hasMessageContaining("spark.hadoop.fs.%s.impl=CLASS".formatted(scheme));
  }

  @ParameterizedTest
  @CsvSource({
    "spark.hadoop.fs.site.impl, no.such.Class",
    "spark.hadoop.fs.site.impl, java.lang.String",
    "spark.hadoop.fs.site.impl, org.apache.hadoop.fs.LocalFileSystem",
    "spark.hadoop.fs.AbstractFileSystem.site.impl, no.such.Class"
  })
  void unusableFileSystemIsAConfigurationError(String name, String value) {
    assertThatThrownBy(() -> Storage.at("site:///a", settings(name, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(value);
  }
}
