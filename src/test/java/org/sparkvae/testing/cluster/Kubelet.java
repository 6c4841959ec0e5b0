package org.sparkvae.testing.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of a cluster whose API server is a mock. It starts each pod's first container with Podman,
 * reports its state to the API server, and stops the containers of deleted pods. All pods are in
 * the network of this machine, each with its own address.
 */
public final class Kubelet {
  private static final int INTERVAL_MILLIS = 200;

  private final KubernetesClient api;
  private final Path directory;
  private final Map<String, Path> claims;
  private final Map<String, Process> containers = new LinkedHashMap<>();
  private final Thread loop = new Thread(this::updateRepeatedly, "kubelet");
  private volatile boolean isStopping;
  private volatile Exception failure;

  private Kubelet(KubernetesClient api, Path directory, Map<String, Path> claims) {
    this.api = api;
    this.directory = directory;
    this.claims = claims;
  }

  /**
   * Starts a node.
   *
   * @param directory the directory of volumes and output
   * @param claims the directory of each persistent volume claim
   */
  public static Kubelet start(KubernetesClient api, Path directory, Map<String, Path> claims) {
    Kubelet kubelet = new Kubelet(api, directory, claims);
    kubelet.loop.start();
    return kubelet;
  }

  /** Throws the exception with which the node failed, if it did. */
  public void check() throws Exception {
    if (failure != null) {
      throw failure;
    }
  }

  /** Returns the file with the output of a pod. */
  public Path output(String pod) {
    return directory.resolve(pod + ".log");
  }

  /** Kills the container of a pod. */
  public static void kill(String pod) throws Exception {
    new ProcessBuilder("podman", "kill", "--signal=KILL", pod).start().waitFor();
  }

  private void updateRepeatedly() {
    try {
      while (!isStopping) {
        update();
        Thread.sleep(INTERVAL_MILLIS);
      }
    } catch (Exception e) {
      failure = e;
    }
  }

  private void update() throws Exception {
    List<Pod> pods = api.pods().inAnyNamespace().list().getItems();
    for (Pod pod : pods) {
      Process container = containers.get(pod.getMetadata().getName());
      if (container == null) {
        start(pod);
      } else if (!container.isAlive() && pod.getStatus().getPhase().equals("Running")) {
        reportEnd(pod, container.exitValue());
      }
    }
    List<String> names = pods.stream().map(pod -> pod.getMetadata().getName()).toList();
    for (Map.Entry<String, Process> container : containers.entrySet()) {
      if (container.getValue().isAlive() && !names.contains(container.getKey())) {
        kill(container.getKey());
      }
    }
  }

  private void start(Pod pod) throws IOException {
    String name = pod.getMetadata().getName();
    // The first address is the one of this machine.
    String address = "127.0.0." + (containers.size() + 2);
    Pod running =
        new PodBuilder(pod)
            .withStatus(new PodStatusBuilder().withPhase("Running").withPodIP(address).build())
            .build();
    containers.put(
        name,
        new ProcessBuilder(command(running))
            .redirectErrorStream(true)
            .redirectOutput(output(name).toFile())
            .start());
    report(running);
  }

  private void report(Pod pod) {
    PodResource resource =
        api.pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName());
    try {
      resource.editStatus(current -> new PodBuilder(current).withStatus(pod.getStatus()).build());
    } catch (RuntimeException e) {
      if (resource.get() != null) {
        throw e;
      }
      // The pod has been deleted.
    }
  }

  private void reportEnd(Pod pod, int exitCode) {
    report(
        new PodBuilder(pod)
            .editStatus()
            .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
            .withContainerStatuses(
                new ContainerStatusBuilder()
                    .withName(pod.getSpec().getContainers().get(0).getName())
                    .withNewState()
                    .withNewTerminated()
                    .withExitCode(exitCode)
                    .endTerminated()
                    .endState()
                    .build())
            .endStatus()
            .build());
  }

  private List<String> command(Pod pod) throws IOException {
    Container container = pod.getSpec().getContainers().get(0);
    List<String> command =
        new ArrayList<>(
            List.of(
                "podman",
                "run",
                "--rm",
                "--runtime=runc",
                "--network=host",
                "--read-only=" + container.getSecurityContext().getReadOnlyRootFilesystem(),
                "--read-only-tmpfs=false",
                "--ulimit=nofile=1024:1024",
                "--ulimit=nproc=4096:4096",
                "--user=" + pod.getSpec().getSecurityContext().getRunAsUser(),
                "--memory=" + memory(container),
                "--name=" + pod.getMetadata().getName()));
    Map<String, String> environment = environment(pod, container);
    environment.forEach((name, value) -> command.add("--env=%s=%s".formatted(name, value)));
    for (VolumeMount mount : container.getVolumeMounts()) {
      command.add(volume(pod, mount));
    }
    command.add(container.getImage());
    for (String argument : container.getArgs()) {
      String expanded = argument;
      for (Map.Entry<String, String> variable : environment.entrySet()) {
        expanded = expanded.replace("$(%s)".formatted(variable.getKey()), variable.getValue());
      }
      command.add(expanded);
    }
    return command;
  }

  private static String memory(Container container) {
    return Quantity.getAmountInBytes(container.getResources().getLimits().get("memory"))
        .toPlainString();
  }

  private static Map<String, String> environment(Pod pod, Container container) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (EnvVar variable : container.getEnv()) {
      environment.put(variable.getName(), value(pod, variable));
    }
    return environment;
  }

  private static String value(Pod pod, EnvVar variable) {
    if (variable.getValueFrom() == null) {
      return variable.getValue() == null ? "" : variable.getValue();
    }
    String field = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (field) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "status.podIP" -> pod.getStatus().getPodIP();
      default -> throw new IllegalArgumentException(field);
    };
  }

  private String volume(Pod pod, VolumeMount mount) throws IOException {
    Volume volume =
        pod.getSpec().getVolumes().stream()
            .filter(candidate -> candidate.getName().equals(mount.getName()))
            .findFirst()
            .orElseThrow();
    if (volume.getEmptyDir() != null && "Memory".equals(volume.getEmptyDir().getMedium())) {
      return "--mount=type=tmpfs,destination=%s,tmpfs-mode=1777".formatted(mount.getMountPath());
    }
    if (volume.getPersistentVolumeClaim() != null) {
      Path claim = claims.get(volume.getPersistentVolumeClaim().getClaimName());
      return "--volume=%s:%s".formatted(claim, mount.getMountPath());
    }
    Path source =
        Files.createDirectories(
            directory.resolve(pod.getMetadata().getName()).resolve(volume.getName()));
    if (volume.getConfigMap() != null) {
      ConfigMap map =
          api.configMaps()
              .inNamespace(pod.getMetadata().getNamespace())
              .withName(volume.getConfigMap().getName())
              .require();
      map.getData().forEach((name, content) -> write(source.resolve(name), content));
    }
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxrwxrwx"));
    return "--volume=%s:%s".formatted(source, mount.getMountPath());
  }

  private static void write(Path file, String content) {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Stops the node and kills all containers.
   *
   * @throws Exception if the node failed before
   */
  public void stop() throws Exception {
    isStopping = true;
    loop.join();
    for (Map.Entry<String, Process> container : containers.entrySet()) {
      if (container.getValue().isAlive()) {
        kill(container.getKey());
      }
      container.getValue().waitFor();
    }
    check();
  }
}
