package org.sparkvae.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sparkvae.testing.Await.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.sparkvae.testing.cluster.SparkCluster;

@ResourceLock(SparkCluster.LOCK)
class SparkClusterIT {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @RegisterExtension static final SparkCluster CLUSTER = SparkCluster.SHARED;

  @Test
  void cutHostIsUnreachableUntilHealed() throws Exception {
    assertThat(isReachable(1)).isTrue();
    CLUSTER.cut(1);
    assertThat(isReachable(1)).isFalse();
    assertThat(isReachable(2)).isTrue();
    CLUSTER.heal(1);
    await("connection to host 1", DEADLINE, () -> isReachable(1));
  }

  private static boolean isReachable(int host) throws IOException {
    String address = CLUSTER.driverOn(host).properties().get("spark.driver.host");
    return InetAddress.getByName(address).isReachable(2_000);
  }

  @Test
  void stopsAndCleansUpWhenTheOwnerIsKilled() throws Exception {
    Process owner = new ProcessBuilder("sleep", "600").start();
    try {
      Map<String, String> properties =
          SparkCluster.script("up", "1", "--owner", Long.toString(owner.pid()))
              .map(line -> line.split("=", 2))
              .collect(Collectors.toMap(property -> property[0], property -> property[1]));
      String number = properties.get("CLUSTER");
      Path state = Path.of(properties.get("STATE"));
      assertThat(resources(number, state)).isNotEmpty();

      owner.destroyForcibly();
      await("end of the cluster", DEADLINE, () -> resources(number, state).isEmpty());
    } finally {
      owner.destroyForcibly();
    }
  }

  /** Returns the existing interfaces, namespaces, files and processes of a cluster. */
  private static List<String> resources(String number, Path state) throws IOException {
    List<String> found = new ArrayList<>();
    for (String directory : List.of("/sys/class/net", "/run/netns")) {
      try (Stream<Path> names = Files.list(Path.of(directory))) {
        names
            .map(Path::toString)
            .filter(name -> name.matches(".*/spark" + number + "(-.*)?"))
            .forEach(found::add);
      }
    }
    if (Files.exists(state)) {
      found.add(state.toString());
    }
    ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(
            line -> line.contains(state.toString()) || line.contains("watch-owner " + number + " "))
        .forEach(found::add);
    return found;
  }
}
