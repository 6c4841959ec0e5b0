package org.sparkvae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkvae.exception.ConfigurationException;

class MirrorListTest {
  @Test
  void readsOneUrlPerLineInOrder() {
    assertThat(MirrorList.parse("# why\n\nhttps://b.example/x # first\r\n  https://a.example/\n"))
        .containsExactly(URI.create("https://b.example/x/"), URI.create("https://a.example/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a.example/", "a.example", "https:///x", "https://a b/"})
  void rejectsOtherThanHttpsUrls(String line) {
    assertThatThrownBy(() -> MirrorList.parse(line))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("conf/mnist-mirrors.txt: expected an HTTPS URL, found %s.", line);
  }

  @Test
  void containsMirrors() {
    assertThat(MirrorList.fromClassPath()).isNotEmpty();
  }
}
