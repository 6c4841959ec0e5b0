package org.sparkvae.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.TransientException;

class CurrentLinkTest {
  @TempDir Path directory;
  private Storage root;
  private CurrentLink link;

  @BeforeEach
  void createTwoDirectories() throws Exception {
    root = Storage.at(directory.toString());
    link = new CurrentLink(root.child("published"), "current");
    for (String name : new String[] {"a", "b"}) {
      Files.createDirectories(directory.resolve("runs").resolve(name));
      Files.writeString(directory.resolve("runs").resolve(name).resolve("file"), name);
    }
  }

  @Test
  void pointsToOneDirectoryAndThenToAnother() throws Exception {
    assertThat(link.pointsTo(root.child("runs").child("a"))).isFalse();
    for (String name : new String[] {"a", "b"}) {
      Storage run = root.child("runs").child(name);
      link.setTarget(run);
      assertThat(link.pointsTo(run)).isTrue();
      assertThat(link.pointsTo(root.child("runs"))).isFalse();
      assertThat(directory.resolve("published/current/file")).hasContent(name);
    }
    assertThat(directory.resolve("published")).isDirectoryNotContaining("glob:**_writing*");
  }

  @Test
  void staysValidIfLinkAndTargetAreMovedTogether() throws Exception {
    link.setTarget(root.child("runs").child("a"));
    Path elsewhere = directory.resolve("elsewhere");
    Files.createDirectory(elsewhere);
    Files.move(directory.resolve("runs"), elsewhere.resolve("runs"));
    Files.move(directory.resolve("published"), elsewhere.resolve("published"));
    assertThat(elsewhere.resolve("published/current/file")).hasContent("a");
  }

  /** The operating system resolves a relative link from the link's real directory. */
  @Test
  void staysValidIfItsParentIsReachedThroughALink() throws Exception {
    Path realDirectory = Files.createDirectories(directory.resolve("disk/deep/er"));
    Files.createSymbolicLink(directory.resolve("data"), realDirectory);
    Storage run = root.child("runs").child("a");
    CurrentLink nested = new CurrentLink(root.child("data").child("published"), "current");
    nested.setTarget(run);
    assertThat(directory.resolve("data/published/current/file")).hasContent("a");
    assertThat(nested.pointsTo(run)).isTrue();
  }

  @Test
  void neverReplacesADirectory() throws Exception {
    Files.createDirectories(directory.resolve("published/current"));
    assertThatThrownBy(() -> link.setTarget(root.child("runs").child("a")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("published/current", "Choose another directory to publish to");
    assertThat(link.pointsTo(root.child("runs").child("a"))).isFalse();
  }

  @Test
  void namesALinkThatCannotBeWritten() throws Exception {
    Files.writeString(directory.resolve("published"), "a file");
    assertThatThrownBy(() -> link.setTarget(root.child("runs").child("a")))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("published/current");
  }
}
