package org.sparkvae.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;

class CurrentLinkTest {
  @TempDir Path directory;
  private Storage root;
  private CurrentLink pointer;

  @BeforeEach
  void twoDirectories() throws Exception {
    root = Storage.at(directory.toString(), new Configuration());
    pointer = new CurrentLink(root.in("published"), "current");
    for (String name : new String[] {"a", "b"}) {
      Files.createDirectories(directory.resolve("runs").resolve(name));
      Files.writeString(directory.resolve("runs").resolve(name).resolve("file"), name);
    }
  }

  @Test
  void standsForOneDirectoryAndThenForAnother() throws Exception {
    assertThat(pointer.standsFor(root.in("runs").in("a"))).isFalse();
    for (String name : new String[] {"a", "b"}) {
      Storage run = root.in("runs").in(name);
      pointer.turnTo(run);
      assertThat(pointer.standsFor(run)).isTrue();
      assertThat(pointer.standsFor(root.in("runs"))).isFalse();
      assertThat(directory.resolve("published/current/file")).hasContent(name);
    }
    assertThat(directory.resolve("published")).isDirectoryNotContaining("glob:**_writing*");
  }

  @Test
  void holdsWhenBothAreMovedTogether() throws Exception {
    pointer.turnTo(root.in("runs").in("a"));
    Path elsewhere = directory.resolve("elsewhere");
    Files.createDirectory(elsewhere);
    Files.move(directory.resolve("runs"), elsewhere.resolve("runs"));
    Files.move(directory.resolve("published"), elsewhere.resolve("published"));
    assertThat(elsewhere.resolve("published/current/file")).hasContent("a");
  }

  /** The kernel reads a relative link from where the link really is. */
  @Test
  void holdsWhereThePlaceIsReachedThroughALink() throws Exception {
    Path deep = Files.createDirectories(directory.resolve("disk/deep/er"));
    Files.createSymbolicLink(directory.resolve("data"), deep);
    Storage run = root.in("runs").in("a");
    CurrentLink through = new CurrentLink(root.in("data").in("published"), "current");
    through.turnTo(run);
    assertThat(directory.resolve("data/published/current/file")).hasContent("a");
    assertThat(through.standsFor(run)).isTrue();
  }

  @Test
  void neverReplacesADirectory() throws Exception {
    Files.createDirectories(directory.resolve("published/current"));
    assertThatThrownBy(() -> pointer.turnTo(root.in("runs").in("a")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("published/current", "name another place");
    assertThat(pointer.standsFor(root.in("runs").in("a"))).isFalse();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws Exception {
    Files.writeString(directory.resolve("published"), "a file");
    assertThatThrownBy(() -> pointer.turnTo(root.in("runs").in("a")))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("published/current");
  }
}
